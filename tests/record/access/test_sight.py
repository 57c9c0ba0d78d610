from __future__ import annotations

from carnet.record.access.model import EntryFacts, Sight
from carnet.record.access.sight import CITIZEN, EVERYTHING, REPRESENTATIVE, STRUCTURE, sees
from carnet.record.document import Flags

NOW = 1_800_000_000
MASKED = EntryFacts("11502-2", Flags(hidden_from_professionals=True))
WAITING = EntryFacts("11502-2", Flags(patient_until=NOW + 10))
SECRET = EntryFacts("11502-2", Flags(hidden_from_representatives=True))


def test_invisibility_to_the_patient_ends_at_its_due_second() -> None:
    for sight in (CITIZEN, REPRESENTATIVE):
        assert not sees(sight, WAITING, NOW + 9)
        assert sees(sight, WAITING, NOW + 10)


def test_invisibility_to_the_patient_does_not_count_against_professionals() -> None:
    assert sees(Sight(types=frozenset({"11502-2"})), WAITING, NOW)


def test_each_flag_counts_against_its_own_side_only() -> None:
    seen = {
        "citizen": [sees(CITIZEN, entry, NOW) for entry in (MASKED, WAITING, SECRET)],
        "representative": [sees(REPRESENTATIVE, entry, NOW) for entry in (MASKED, WAITING, SECRET)],
        "professional": [sees(Sight(), entry, NOW) for entry in (MASKED, WAITING, SECRET)],
        "physician": [sees(EVERYTHING, entry, NOW) for entry in (MASKED, WAITING, SECRET)],
    }
    assert seen == {
        "citizen": [True, False, True],
        "representative": [True, False, False],
        "professional": [False, True, True],
        "physician": [True, True, True],
    }


def test_no_types_means_all_and_an_empty_set_means_none() -> None:
    plain = EntryFacts("11502-2", Flags())
    assert sees(Sight(types=None), plain, NOW)
    assert not sees(Sight(types=frozenset()), plain, NOW)


def test_the_writer_sees_their_own_whatever_else_holds() -> None:
    mine = EntryFacts("ATTEST-RESID", MASKED.flags, is_author=True)
    assert sees(Sight(own_only=True, types=frozenset()), mine, NOW)


def test_what_a_colleague_wrote_is_the_structures_and_not_the_persons() -> None:
    theirs = EntryFacts("11502-2", Flags(), by_caller_structure=True)
    assert sees(STRUCTURE, theirs, NOW)
    assert not sees(Sight(own_only=True), theirs, NOW)
