"""Who may do what with a record: one pure function over a table of rules, deny by default.

The rules are those of the domain's facts §5 and §6 (L. 1111-14 to L. 1111-19, R. 1111-40 to
R. 1111-53 of the Code de la santé publique; order of 26 October 2023). ``docs/access.md`` tells
them in plain words.
"""

from __future__ import annotations

from carnet.record.access.case import authorisation_state, case_of
from carnet.record.access.matrix import Matrix, load_matrix, parse_matrix, permitted_types
from carnet.record.access.model import (
    AccessSettings,
    Action,
    ConsentState,
    Decision,
    EntryFacts,
    Reason,
    RecordFacts,
    Relation,
    RelationKind,
    Sight,
)
from carnet.record.access.refusals import explain, refusal
from carnet.record.access.rules import DEFAULT, RULES, RULES_OF, Rule
from carnet.record.access.sight import sees
from carnet.record.caller import Caller

__all__ = [
    "RULES",
    "AccessSettings",
    "Action",
    "ConsentState",
    "Decision",
    "EntryFacts",
    "Matrix",
    "Reason",
    "RecordFacts",
    "Relation",
    "RelationKind",
    "Rule",
    "Sight",
    "authorisation_state",
    "decide",
    "explain",
    "load_matrix",
    "parse_matrix",
    "permitted_types",
    "refusal",
    "sees",
]

_SETTINGS = AccessSettings()


def decide(
    caller: Caller,
    record: RecordFacts | None,
    action: Action,
    entry: EntryFacts | None = None,
    *,
    now: int,
    matrix: Matrix | None = None,
    settings: AccessSettings = _SETTINGS,
) -> Decision:
    """Whether the caller may do this to the record, or to one entry of it, at ``now``.

    ``now`` is in seconds since 1970 UTC. ``record`` None means that there is none; for a citizen
    who asks for their own, give ``RecordFacts(state=none, is_own=True)``. Without ``entry`` a
    reading is decided for the record as a whole and ``Decision.sight`` says what is seen of it;
    with an entry, for that one. ``matrix`` None is the packaged one.

    A permitted FIND or READ never sees what ``sees`` would not admit. What is not permitted carries
    a refusing reason; ``refusal`` makes an error of the catalogue of it.
    """
    case = case_of(caller, record, action, entry, now, matrix or load_matrix(), settings)
    rule = next((rule for rule in RULES_OF[action] if rule.when(case)), DEFAULT)
    seen = rule.sight if isinstance(rule.sight, Sight) else rule.sight(case)
    return Decision(rule.permits, rule.reason, rule.key, seen)
