"""From the words of ``expected.py`` to callers, records and entries."""

from __future__ import annotations

from dataclasses import dataclass

from carnet.record.access.model import (
    Action,
    EntryFacts,
    RecordFacts,
    Relation,
    RelationKind,
)
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
from tests.record.access.expected import Row

NOW = 1_800_000_000
DAY = 86_400

TYPES = {
    "lab": "11502-2",
    "visit": "11488-4",
    "psychiatry": "68599-0",
    "genetics": "51969-4",
    "residence": "ATTEST-RESID",
    "wishes": "EXPPAT_3",
    "reimbursements": "REMB",
    "dispensation": "DISP_AUT",
    "unknown type": "00000-0",
}

PROFESSIONS = {
    "doctor": "G15_10/SM26",
    "occupational doctor": "G15_10/SM25",
    "intern": "G16_10",
    "nurse": "G15_60",
    "dentist": "G15_40",
    "pharmacist": "G15_21/A",
    "optician": "G15_28",
    "psychologist": "93",
    "social worker": "41",
    "secretary": "SECRETARIAT_MEDICAL",
    "coordinator": "330",
    "unknown profession": "G15_99",
    "unnamed professional": "G15_10/SM26",
}
SECTORS = {"occupational service": "SA66", "care home": "SA17", "fire brigade": "SA68"}

_PERIODS = {
    "": (NOW - 30 * DAY, 0),
    "ended": (NOW - 90 * DAY, NOW - 60 * DAY),
    "until now": (NOW - 90 * DAY, NOW),
    "from now": (NOW, 0),
    "to come": (NOW + DAY, 0),
    "new": (NOW - DAY, 0),
}
_KINDS = {
    "consent": RelationKind.AUTHORISATION,
    "refusal": RelationKind.REFUSAL,
    "block": RelationKind.BLOCK,
    "physician": RelationKind.PHYSICIAN,
    "parent": RelationKind.PARENT,
    "judgment": RelationKind.JUDGMENT,
    "delegate": RelationKind.DELEGATE,
    "author": RelationKind.AUTHOR,
}
_SCOPES = {" read": "read", " manage": "manage", " of nothing": ""}
_STATES = {
    "no record": RecordState.NONE,
    "announced": RecordState.ANNOUNCED,
    "closed": RecordState.CLOSED,
    "opposed": RecordState.OPPOSED,
    "erased": RecordState.ERASED,
}
_AGES = {"minor": 10, "nearly adult": 17, "just adult": 18, "adult": 40, "age unknown": None}


@dataclass(frozen=True)
class Situation:
    """The arguments of one question to ``decide``."""

    caller: Caller
    record: RecordFacts | None
    action: Action
    entry: EntryFacts | None


def situation(row: Row) -> Situation:
    """What a row describes. Raises ``ValueError`` for a word that is not known."""
    return Situation(
        caller=caller(row.who),
        record=record(row.ties, row.record),
        action=Action(row.act),
        entry=entry(row.entry),
    )


def caller(words: str) -> Caller:
    """``doctor of care home in break-glass without reason`` and the like."""
    who, purpose, reason = _mode(words)
    who, _, sector = who.partition(" of ")
    kind = who.removeprefix("unnamed ")
    named = kind == who
    common = Caller(
        kind=CallerKind.PROFESSIONAL if who in PROFESSIONS else CallerKind(kind),
        purpose=purpose,
        reason=reason,
    )
    structure = Identifier(OID_STRUCTURE, "1750100125")
    match common.kind:
        case CallerKind.CITIZEN:
            ins = Ins("279035121518989", OID_INS_NIR_TEST) if named else None
            return _with(common, ins=ins)
        case CallerKind.PROFESSIONAL:
            return _with(
                common,
                identifier=Identifier(OID_PROFESSIONAL, "899700000011") if named else None,
                structure=structure,
                profession=PROFESSIONS[who],
                sector=SECTORS[sector] if sector else "SA07",
            )
        case CallerKind.STRUCTURE:
            return _with(common, structure=structure if named else None)
        case _:
            return common


def record(ties: str, words: str) -> RecordFacts | None:
    """A record with these ties of the caller; ``never made`` is no record at all."""
    asked = _words(words)
    if "never made" in asked:
        return None
    tied = _words(ties)
    states = [word for word in asked if word in _STATES]
    ages = [word for word in asked if word in _AGES]
    known = {*_STATES, *_AGES, "demo", "break-glass opposed", "lifts hiding", "regulation opposed"}
    if not set(asked) <= known or len(states) > 1 or len(ages) > 1:
        raise ValueError(words)
    return RecordFacts(
        state=_STATES[states[0]] if states else RecordState.OPEN,
        relations=tuple(_tie(word) for word in tied if word != "own"),
        is_own="own" in tied,
        age=_AGES[ages[0]] if ages else 40,
        break_glass_opposed="break-glass opposed" in asked,
        break_glass_lifts_hiding="lifts hiding" in asked,
        regulation_opposed="regulation opposed" in asked,
        reading_operator="demo" in asked,
    )


def entry(words: str) -> EntryFacts | None:
    """``lab, masked, mine`` and the like."""
    asked = _words(words)
    if not asked:
        return None
    until = {"waits": NOW + 1, "due now": NOW, "due": NOW - 1}
    marks = {"masked", "hidden from parents", "mine", "our structure's", "patient's own", *until}
    if not set(asked[1:]) <= marks:
        raise ValueError(words)
    return EntryFacts(
        type_code=TYPES[asked[0]],
        flags=Flags(
            hidden_from_professionals="masked" in asked,
            patient_until=next((until[word] for word in asked if word in until), 0),
            hidden_from_representatives="hidden from parents" in asked,
        ),
        is_author="mine" in asked,
        by_caller_structure="our structure's" in asked,
        by_patient="patient's own" in asked,
    )


def _mode(words: str) -> tuple[str, Purpose, str | None]:
    for purpose in (Purpose.BREAK_GLASS, Purpose.REGULATION):
        who, asked, rest = words.partition(f" in {purpose.value}")
        if asked:
            reasons = {"": "unconscious, no relative", " without reason": None}
            return who, purpose, (reasons | {" with blank reason": "  "})[rest]
    return words, Purpose.NORMAL, None


def _tie(words: str) -> Relation:
    period, rest = "", words
    for name in ("ended", "until now", "from now", "to come"):
        if rest.endswith(f" {name}"):
            period, rest = name, rest.removesuffix(f" {name}")
    if rest.startswith("new "):
        period, rest = "new", rest.removeprefix("new ")
    scope = next((mark for mark in _SCOPES if rest.endswith(mark)), "")
    rest = rest.removesuffix(scope)
    kind = rest.removesuffix(" of structure")
    start, end = _PERIODS[period]
    return Relation(
        kind=_KINDS[kind],
        start=start,
        end=end,
        of_structure=kind != rest,
        scope=_SCOPES[scope] if scope else None,
    )


def _words(cell: str) -> list[str]:
    return [] if cell == "-" else [word.strip() for word in cell.split(",")]


def _with(
    base: Caller,
    *,
    ins: Ins | None = None,
    identifier: Identifier | None = None,
    structure: Identifier | None = None,
    profession: str | None = None,
    sector: str | None = None,
) -> Caller:
    return Caller(
        kind=base.kind,
        ins=ins,
        identifier=identifier,
        structure=structure,
        profession=profession,
        sector=sector,
        purpose=base.purpose,
        reason=base.reason,
    )
