from __future__ import annotations

import pytest

from carnet.record.access.matrix import load_matrix
from carnet.record.access.professions import (
    HEALTH_PROFESSIONS,
    base_profession,
    is_doctor,
    is_health_profession,
    is_never_presumed,
)
from carnet.record.caller import Caller, CallerKind


def test_health_professions_are_the_g15_and_g16_columns_of_the_matrix() -> None:
    coded = {code for code in load_matrix().professions if code.startswith(("G15_", "G16_"))}
    assert coded == HEALTH_PROFESSIONS


def test_base_profession_drops_the_specialty() -> None:
    assert base_profession("G15_10/SM26") == "G15_10"
    assert base_profession("93") == "93"
    assert base_profession(None) == ""


def test_a_doctor_in_training_is_a_health_professional_and_no_doctor() -> None:
    assert is_health_profession("G16_10")
    assert not is_doctor("G16_10")
    assert is_doctor("G15_10/SM54")


@pytest.mark.parametrize(
    ("profession", "sector", "never"),
    [
        ("G15_10/SM25", "SA07", True),
        ("G15_10/C41", None, True),
        ("G15_10/CAPA11", None, True),
        ("G15_10/SM26", "SA13", True),
        ("G15_60", "SA66", True),
        ("G15_10/SM26", "SA68", True),
        ("G15_10/SM26", "SA17", True),
        ("G15_60", "SA17", False),
        ("G15_10/SM26", "SA01", False),
        ("G15_10", None, False),
        ("G15_21/C41", None, False),
        (None, None, False),
    ],
)
def test_consent_is_never_presumed_for_occupational_fire_brigade_and_care_home_doctors(
    profession: str | None, sector: str | None, never: bool
) -> None:
    caller = Caller(CallerKind.PROFESSIONAL, profession=profession, sector=sector)
    assert is_never_presumed(caller) is never
