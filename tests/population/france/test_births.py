from __future__ import annotations

from carnet.population.france.births import COUNTRIES, birth_of, ins_of, scripted_places
from carnet.population.scripts.cast import cast
from carnet.record.identity import Sex, has_right_key
from tests.population.invented import TODAY


def test_no_two_people_share_place_month_and_order() -> None:
    births = [birth_of(1, number) for number in range(40_000)]
    assert len({(one.place, one.month, one.order) for one in births}) == len(births)


def test_the_same_holds_for_those_born_abroad_until_there_is_no_room() -> None:
    births = [birth_of(1, number, COUNTRIES["portuguese"]) for number in range(20_000)]
    assert len({(one.place, one.month, one.order) for one in births}) == len(births)
    assert births[0].place == "99139"
    assert births[-1].place != "99139"


def test_the_key_of_the_ins_is_right() -> None:
    for number in range(0, 5000, 7):
        ins = ins_of(Sex.FEMALE, 1980, birth_of(3, number))
        assert has_right_key(ins)
        assert ins.is_test


def test_another_seed_gives_other_births() -> None:
    assert birth_of(1, 5) != birth_of(2, 5)


def test_places_of_scripted_lives_are_left_to_them() -> None:
    scripted = {one.traits.birth_place for one in cast(TODAY).people.values()}
    assert scripted == scripted_places()
    assert not any(birth_of(1, number).place in scripted for number in range(3000))
    for countries in COUNTRIES.values():
        assert not any(birth_of(1, number, countries).place in scripted for number in range(99))
