from __future__ import annotations

import pytest

from carnet.population.codes import commune, communes
from carnet.population.france.reading import roles
from carnet.population.france.territories import professional_of, seats, structure_of, where
from carnet.population.model import Professional
from carnet.record.access.matrix import load_matrix
from carnet.record.structures import luhn_warnings


def everybody(insee: str) -> list[Professional]:
    found = [
        professional_of(f"t{insee}-{name}{number}")
        for name, role in roles().role.items()
        for number in range(1, role.count + 1)
    ]
    return [one for one in found if one is not None]


def test_every_profession_of_the_matrix_is_at_work() -> None:
    at_work = {one.profession.code.partition("/")[0] for one in everybody("35238")}
    known = load_matrix()
    columns = {known.groups.get(code, code) for code in at_work}
    assert set(known.professions) - columns == set()


def test_numbers_have_their_keys_and_are_nobody_elses() -> None:
    people = [one for insee in ("35238", "2A004", "97411", "75101") for one in everybody(insee)]
    houses = {one.structure.key: one.structure for one in people}
    assert len({one.identifier.extension for one in people}) == len(people)
    assert len({one.identifier.extension for one in houses.values()}) == len(houses)
    numbers = [one.identifier for one in people]
    assert all(one.extension.startswith("8998") for one in numbers)
    finess = [one.identifier for one in houses.values()]
    assert all(one.extension[3] == "9" for one in finess)
    assert [warning for one in (*numbers, *finess) for warning in luhn_warnings(one)] == []


def test_no_two_communes_share_a_finess() -> None:
    numbers = [
        structure_of(f"t{one.insee}-house.practice1") for one in communes() if one.insee[:2] < "30"
    ]
    found = [one.identifier.extension for one in numbers if one is not None]
    assert len(set(found)) == len(found) == len(numbers)


def test_a_key_gives_the_same_person_again() -> None:
    first = professional_of("t35238-gp2")
    professional_of.cache_clear()
    assert first == professional_of("t35238-gp2")
    assert first is not None
    assert first.structure.place.city == commune("35238").name


@pytest.mark.parametrize(
    "key", ["", "t35238-gp0", "t35238-gp99", "t00000-gp1", "t35238-king1", "dr-garrigue", "t35238"]
)
def test_other_keys_name_nobody(key: str) -> None:
    assert professional_of(key) is None
    assert structure_of(key) is None


def test_a_village_finds_its_specialists_in_the_seat() -> None:
    village = next(one for one in communes() if one.population < 500)
    assert where(village.insee, "gp") == village.insee
    assert where(village.insee, "cardiologist") == seats()[village.department]
