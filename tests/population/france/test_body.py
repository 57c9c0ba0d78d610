from __future__ import annotations

from datetime import date, timedelta

import pytest

from carnet.population.codes import Analysis, table
from carnet.population.france.body import Body, Effect
from carnet.population.france.chance import Chance
from carnet.population.france.signs import Signs
from carnet.population.rules.values import expected_gfr
from carnet.record.identity import Sex
from tests.population.invented import TODAY

BORN = date(1970, 3, 2)


def body(number: int = 0, sex: Sex = Sex.FEMALE, born: date = BORN) -> Body:
    return Body(Chance(f"body/{number}"), sex, born)


@pytest.mark.parametrize("name", list(table(Analysis)))
def test_a_healthy_body_stays_within_its_limits(name: str) -> None:
    known = table(Analysis)[name]
    for number in range(20):
        value = body(number).value(name, TODAY)
        if known.answers:
            assert value in known.answers
        elif not value.startswith("<"):
            low, high = known.limits
            assert float(low or 0) <= float(value) <= float(high or 1e9)


def test_most_healthy_values_are_within_the_range() -> None:
    for name in ("potassium", "haemoglobin", "tsh", "glucose", "platelets", "creatinine"):
        low, high = table(Analysis)[name].bounds(Sex.FEMALE, 56 * 12)
        values = [float(body(number).value(name, TODAY)) for number in range(200)]
        assert sum(float(low) <= value <= float(high) for value in values) > 180


def test_a_disease_sets_in_and_wanes() -> None:
    one = body()
    start = TODAY - timedelta(days=400)
    before = one.number("crp", start - timedelta(days=1))
    one.add(Effect("crp", 120.0, 1.0, start, start + timedelta(days=10), 2))
    assert one.number("crp", start - timedelta(days=1)) == before
    assert one.number("crp", start + timedelta(days=8)) > before + 70
    assert one.number("crp", start + timedelta(days=90)) < before + 10


def test_what_follows_from_others_agrees_with_them() -> None:
    for number in range(40):
        sex = Sex.FEMALE if number % 2 else Sex.MALE
        one = body(number, sex)
        gfr = float(one.value("gfr", TODAY))
        expected = expected_gfr(float(one.value("creatinine", TODAY)), 56, sex)
        assert gfr == pytest.approx(min(expected, 160), rel=0.03)
        cholesterol = one.number("cholesterol", TODAY)
        rest = one.number("hdl", TODAY) + one.number("triglycerides", TODAY) / 2.2
        assert one.number("ldl", TODAY) == pytest.approx(max(0.3, cholesterol - rest), abs=0.01)
        parts = ("neutrophils", "lymphocytes", "monocytes", "eosinophils", "basophils")
        total = sum(one.number(part, TODAY) for part in parts)
        assert total == pytest.approx(one.number("leukocytes", TODAY), rel=0.2)


def test_the_same_day_gives_the_same_value() -> None:
    assert body().value("glucose", TODAY) == body().value("glucose", TODAY)


def test_words_that_a_disease_brings_hold_while_it_lasts() -> None:
    one = body()
    start = TODAY - timedelta(days=5)
    one.add(Effect("urine-culture", 0.0, 1.0, start, TODAY, 30, "Escherichia coli"))
    assert one.value("urine-culture", TODAY) == "Escherichia coli"
    assert one.value("urine-culture", start - timedelta(days=1)) == "Stérile"


def test_a_child_grows() -> None:
    born = date(2018, 5, 4)
    child = body(3, Sex.MALE, born)
    signs = Signs(Chance("signs"), child)
    days = [born + timedelta(days=90 * n) for n in range(1, 30)]
    heights = [signs.height(day) for day in days]
    assert heights == sorted(heights)
    assert 4 < signs.weight(days[0]) < 8
    assert 18 < signs.weight(days[-1]) < 40
    assert 36 < signs.skull(days[0]) < 44


def test_pressure_is_one_that_a_body_can_have() -> None:
    for number in range(100):
        high, low = Signs(Chance(f"s/{number}"), body(number)).pressure(TODAY)
        assert 70 <= high <= 215
        assert low <= high - 22
