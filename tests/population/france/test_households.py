from __future__ import annotations

from itertools import pairwise

from carnet.population.callers import age_on
from carnet.population.france.directory import FranceDirectory
from carnet.population.france.households import World, household, size_of, split_key
from carnet.record.identity import Sex
from carnet.record.lifecycle import RecordState
from tests.population.invented import TODAY

WORLD = World(4, TODAY, 8)
HOMES = [household(WORLD, number) for number in range(700)]
PEOPLE = [one for home in HOMES for one in home]


def test_the_size_is_known_without_the_people() -> None:
    assert [len(home) for home in HOMES] == [size_of(WORLD, n) for n in range(len(HOMES))]


def test_nobody_shares_an_ins() -> None:
    assert len({one.person.ins.matricule for one in PEOPLE}) == len(PEOPLE)


def test_the_matricule_says_sex_and_birth() -> None:
    for one in PEOPLE:
        number = one.person.ins.matricule
        assert number[0] == ("2" if one.person.traits.sex is Sex.FEMALE else "1")
        assert number[1:5] == f"{one.person.born:%y%m}"
        assert number[5:10] == one.person.traits.birth_place
        assert one.person.born < TODAY


def test_mothers_were_of_an_age_and_births_far_enough_apart() -> None:
    for home in HOMES:
        for one in home:
            days = sorted(day for day, _ in one.births)
            assert all(17 <= age_on(one.person, day) <= 46 for day in days)
            assert all((later - day).days > 300 for day, later in pairwise(days))


def test_children_live_with_those_who_represent_them() -> None:
    children = [one for one in PEOPLE if one.person.guardians]
    assert children
    directory = FranceDirectory(WORLD, len(PEOPLE))
    for one in children:
        assert age_on(one.person, TODAY) < 18
        for key in one.person.guardians:
            parent = directory.person(key)
            assert parent is not None
            assert age_on(parent, TODAY) >= 18
            assert parent.place == one.person.place


def test_ages_spread_as_in_a_country() -> None:
    ages = [age_on(one.person, TODAY) for one in PEOPLE]
    share = {name: sum(low <= age < high for age in ages) / len(ages) for name, low, high in AGES}
    assert 0.15 < share["children"] < 0.35
    assert 0.4 < share["adults"] < 0.65
    assert 0.12 < share["old"] < 0.3
    assert max(ages) > 90
    assert min(ages) < 2


AGES = (("children", 0, 18), ("adults", 18, 65), ("old", 65, 120))


def test_few_want_no_record_and_some_have_died() -> None:
    states = [one.person.record for one in PEOPLE]
    assert states.count(RecordState.OPEN) > 0.9 * len(states)
    assert {RecordState.OPPOSED, RecordState.NONE, RecordState.CLOSED} <= set(states)
    for one in PEOPLE:
        closed = one.person.record is RecordState.CLOSED
        assert closed is (one.person.died is not None)


def test_other_keys_name_nobody() -> None:
    directory = FranceDirectory(WORLD, 10)
    assert directory.person("f0-1") is not None
    assert directory.person("f0-9") is None
    assert directory.person("f99-1") is None
    assert directory.person("camille") is None
    assert split_key("f3-2") == (3, 1)
