"""Syntheses: what is so on that day, no earlier and no later."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build import (
    ALLERGY,
    DRUG_ALLERGY,
    FOOD_ALLERGY,
    Absence,
    EncodedBody,
    SynthesisBody,
)
from carnet.population.model import Life, Synthesis
from carnet.population.writing import syntheses
from carnet.population.writing.made import Made
from tests.population.invented import at
from tests.population.writing.paper_reading import text_of
from tests.population.writing.samples import context_of, life, of_key, with_documents

CONTENT = Synthesis(risks=("Tabac",), comment="Contrôler la créatinine.")


def made(day: str = "2026-01-12", known: Life | None = None, *, as_pdf: bool = False) -> Made:
    one = msgspec.structs.replace(of_key("resume"), at=at(day), content=CONTENT, as_pdf=as_pdf)
    known = msgspec.structs.replace(known or life(), documents=(one,))
    return syntheses.write(context_of("resume", known), CONTENT)


def body(day: str = "2026-01-12", known: Life | None = None) -> SynthesisBody:
    found = made(day, known).body
    assert isinstance(found, SynthesisBody)
    return found


def test_problems_are_open_or_over_and_none_is_of_the_future() -> None:
    found = body()
    assert isinstance(found.problems, tuple)
    assert isinstance(found.history, tuple)
    assert [one.what.words for one in found.problems] == [
        "Diabète de type 2",
        "Fracture du poignet",
    ]
    assert found.problems[0].what.code is not None
    assert found.problems[0].what.code.code == "E11"
    assert found.problems[1].what.code is None
    (past,) = found.history
    assert (past.what.words, past.since, past.until) == ("Appendicite", "19840502", "19840509")


def test_what_relatives_had_is_a_risk() -> None:
    assert body().risks == ("Tabac", "Antécédent familial : Infarctus (père)")


def test_allergies_have_the_kind_of_the_nomenclature() -> None:
    found = body().allergies
    assert isinstance(found, tuple)
    assert [(one.agent.words, one.kind.code) for one in found] == [
        ("Pénicillines", DRUG_ALLERGY.code),
        ("Arachide", FOOD_ALLERGY.code),
        ("Lactose", ALLERGY.code),
    ]


def test_treatments_are_those_taken_that_day_without_the_end_nobody_knows() -> None:
    found = body().treatments
    assert isinstance(found, tuple)
    assert [(one.product.name.split()[0], one.end) for one in found] == [
        ("GLUCOPHAGE", None),
        ("PLAVIX", None),
    ]
    during = body("2025-06-02").treatments
    assert isinstance(during, tuple)
    assert during[-1].end == "20250603"
    after = body("2026-09-02").treatments
    assert isinstance(after, tuple)
    assert [one.product.name.split()[0] for one in after] == ["GLUCOPHAGE"]


def test_a_healthy_person_has_nothing_known() -> None:
    known = with_documents(problems=(), allergies=(), treatments=())
    found = body(known=known)
    for said in (found.problems, found.history, found.allergies, found.treatments):
        assert said is Absence.NONE_KNOWN


def test_on_paper_it_says_the_same() -> None:
    found = made(as_pdf=True).body
    assert isinstance(found, EncodedBody)
    paper = text_of(found.data)
    for words in (
        "Diabète de type 2",
        "Appendicite",
        "Pénicillines",
        "Infarctus",
        "GLUCOPHAGE",
        "Contrôler la créatinine.",
    ):
        assert words in paper
    assert "Sciatique" not in paper
