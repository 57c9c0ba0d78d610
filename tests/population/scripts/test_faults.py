"""What a script may not say is refused with file, line and reason."""

from __future__ import annotations

import pytest

from carnet.population.model import Life, Prescription
from carnet.population.scripts.cast import cast, person_of
from carnet.population.scripts.faults import line_of
from carnet.population.scripts.forms import LifeForm
from carnet.population.scripts.reading import decode
from carnet.population.scripts.resolving import life_of_text
from carnet.record.catalogue import sentence
from carnet.record.errors import CarnetError
from tests.population.invented import TODAY

TEXT = """\
[person]
family = "LEHUIC"
given = "PAULE"
given_names = "PAULE"
sex = "F"
born = "1966-04-12"
birth_place = "35238"
birth_city = "RENNES"
street = ["5", "rue des Essais", "35000", "RENNES"]
doctor = "dr-garrigue"
record = "open"
headline = "Une vie d'essai."
what_to_try = ["rien"]

[[problem]]
key = "diabete"
is = "diabetes-2"
onset = "-2y"

[[treatment]]
key = "metformine"
drug = "metformin-500"
dose = "1 comprimé matin et soir"
start = "-2y+8d"
for = "diabete"

[[episode]]
key = "diabete"
title = "Diabète de type 2"
kind = "chronic"
start = "-2y"

[[document]]
key = "bilan"
kind = "laboratory"
by = "dr-perrin"
episode = "diabete"
at = "start+1d 08:00"
every = "3m"
times = 3
values = { hba1c = ["8.2", "7.4", "7.0"] }

[[document]]
key = "lettre"
kind = "consultation"
by = "dr-garrigue"
episode = "diabete"
at = "start+7m"
text = ["{patient}, {age} : HbA1c {value hba1c}, {previous hba1c} en {month @bilan-2}."]

[[document]]
key = "ordonnance"
kind = "prescription"
by = "dr-garrigue"
episode = "diabete"
at = "start+7m"
renews = true

[[act]]
who = "self"
does = "read"
at = "-1m"
document = "lettre"
"""


def read(text: str) -> Life:
    form = decode("paule.toml", text, LifeForm)
    return life_of_text("paule", form, text, person_of("paule", form.person, TODAY), TODAY)


def test_a_script_is_read() -> None:
    life = read(TEXT)
    days = [one.at.date().isoformat() for one in life.documents]
    keys = [one.key for one in life.documents]
    assert keys == ["bilan-1", "bilan-2", "bilan-3", "lettre", "ordonnance"]
    assert days == sorted(days)
    assert days[0] == "2024-11-26"
    letter = life.documents[3].content
    assert letter.text == (  # type: ignore[union-attr]
        "Mme Paule LEHUIC, 59 ans : HbA1c 7,0 %, 7,4 % en février 2025.",
    )
    renewed = life.documents[4].content
    assert isinstance(renewed, Prescription)
    assert [(line.drug, line.days) for line in renewed.lines] == [("metformin-500", 90)]
    assert life.acts[0].who == "paule"
    assert cast(TODAY).professional("dr-garrigue") is not None


@pytest.mark.parametrize(
    ("was", "becomes", "reason"),
    [
        ('onset = "-2y"', 'onset = "2024-02-31"', "no day"),
        ('start = "-2y+8d"', 'start = "two years"', "is no date"),
        ('born = "1966-04-12"', 'born = "+2y"', "after the day"),
        ('drug = "metformin-500"', 'drug = "metformine-666"', "metformine-666"),
        ('is = "diabetes-2"', 'is = "dropsy"', "dropsy"),
        ("hba1c = [", "hba2c = [", "hba2c"),
        ('by = "dr-perrin"', 'by = "dr-nobody"', "dr-nobody"),
        ('kind = "laboratory"', 'kind = "horoscope"', "horoscope"),
        ('document = "lettre"', 'document = "absente"', "absente"),
        ('for = "diabete"', 'for = "goutte"', "goutte"),
        ("{value hba1c}", "{value ferritin}", "no such result"),
        ("{age}", "{poids}", "no word"),
        ("@bilan-2", "@bilan-9", "bilan-9"),
        ('dose = "1 comprimé matin et soir"', "doze = 1", "doze"),
        ("times = 3", 'times = "three"', "int"),
        ('every = "3m"', "", "every"),
        ('key = "ordonnance"', 'key = "lettre"', "twice"),
        ('sex = "F"', 'sex = "X"', "X"),
        ('title = "Diabète de type 2"', 'title = "Diabète', "line"),
    ],
)
def test_a_fault_has_its_place(was: str, becomes: str, reason: str) -> None:
    assert was in TEXT
    text = TEXT.replace(was, becomes, 1)
    with pytest.raises(CarnetError) as caught:
        read(text)
    error = caught.value
    assert error.code == "life-invalid"
    assert error.params["file"] == "paule.toml"
    assert reason in str(error.params["reason"]) or reason == "line"
    said = text.splitlines()[int(str(error.params["line"])) - 1]
    near = TEXT[: TEXT.index(was)].count("\n") + 1
    assert abs(int(str(error.params["line"])) - near) <= 11, said
    assert "paule.toml" in sentence(error, "fr")


def test_the_line_of_a_field() -> None:
    lines = TEXT.splitlines()
    assert lines[line_of(TEXT, "document", 1, "at") - 1] == 'at = "start+7m"'
    assert lines[line_of(TEXT, "document", 0, "at") - 1] == 'at = "start+1d 08:00"'
    assert lines[line_of(TEXT, "act") - 1] == "[[act]]"
    assert line_of(TEXT, "nothing") == 1
