"""Callers, records and entries of every kind, for the properties that must hold of all."""

from __future__ import annotations

from hypothesis import strategies as st

from carnet.record.access.model import Action, EntryFacts, RecordFacts, Relation, RelationKind
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.document import Flags
from carnet.record.identity import (
    OID_INS_NIR_TEST,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
)
from carnet.record.lifecycle import RecordState
from tests.record.access.situations import DAY, NOW, PROFESSIONS, TYPES

_INSTANTS = st.sampled_from([0, NOW - DAY, NOW - 1, NOW, NOW + 1, NOW + DAY])


def callers_of(*kinds: CallerKind) -> st.SearchStrategy[Caller]:
    """Callers of these kinds, all vouched for."""
    return st.builds(Caller, kind=st.sampled_from(kinds), **_VOUCHED)


_VOUCHED: dict[str, st.SearchStrategy[object]] = {
    "ins": st.just(Ins("279035121518989", OID_INS_NIR_TEST)),
    "identifier": st.just(Identifier(OID_PROFESSIONAL, "899700000011")),
    "structure": st.just(Identifier(OID_STRUCTURE, "1750100125")),
    "profession": st.sampled_from([None, *PROFESSIONS.values()]),
    "sector": st.sampled_from([None, "SA07", "SA17", "SA66", "SA68"]),
    "purpose": st.sampled_from(Purpose),
    "reason": st.sampled_from([None, "", " ", "unconscious"]),
}
callers = callers_of(*CallerKind)
actors = callers_of(CallerKind.PROFESSIONAL, CallerKind.STRUCTURE)
relations = st.builds(
    Relation,
    kind=st.sampled_from(RelationKind),
    start=_INSTANTS,
    end=_INSTANTS,
    of_structure=st.booleans(),
    scope=st.sampled_from([None, "", "read", "manage", "read manage", "anything"]),
)
# An open record is asked for most often: elsewhere few rules are reached.
states = st.sampled_from([*RecordState, *([RecordState.OPEN] * 12)])
records = st.builds(
    RecordFacts,
    state=states,
    relations=st.lists(relations, max_size=3).map(tuple),
    is_own=st.booleans(),
    age=st.sampled_from([None, 3, 17, 18, 80]),
    break_glass_opposed=st.booleans(),
    break_glass_lifts_hiding=st.booleans(),
    regulation_opposed=st.booleans(),
    reading_operator=st.booleans(),
)
flags = st.builds(
    Flags,
    hidden_from_professionals=st.booleans(),
    patient_until=_INSTANTS,
    hidden_from_representatives=st.booleans(),
)
entries = st.builds(
    EntryFacts,
    type_code=st.sampled_from(list(TYPES.values())),
    flags=flags,
    is_author=st.booleans(),
    by_caller_structure=st.booleans(),
    by_patient=st.booleans(),
)
others_entries = st.builds(EntryFacts, type_code=st.sampled_from(list(TYPES.values())), flags=flags)
actions = st.sampled_from(Action)
