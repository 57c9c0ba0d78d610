"""Whatever documents say becomes FHIR that others can read."""

from __future__ import annotations

import json
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.clinical.model import Report, Told
from carnet.clinical.store import told_of
from carnet.fhir.resources.facts import FACT_RESOURCES, provenance, report, type_of
from carnet.formats.cda.facts import read_facts
from carnet.formats.fhir import urls
from carnet.record.facts import (
    Act,
    Allergy,
    Analysis,
    Bounds,
    Code,
    Concept,
    Dose,
    Fact,
    Immunization,
    Kind,
    Medication,
    Place,
    Problem,
    Quantity,
    Range,
    Ratio,
    Relative,
    Stage,
    When,
    Words,
)
from tests.clinical.samples import allergy, fact, problem, source, told, treatment
from tests.corpus import corpus_files

RECORD = "3f9ea1b1-9a0c-4f4e-8b3e-1c6f1a3f0001"


def parsed(rendered: bytes) -> dict[str, Any]:
    """The resource, after the reading of ``fhir.resources``, which is strict."""
    read: dict[str, Any] = orjson.loads(rendered.replace(b"\x01", b"https://carnet.example/fhir"))
    kind = str(read["resourceType"])
    module = import_module(f"fhir.resources.R4B.{kind.lower()}")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the library's own deprecated parts
        getattr(module, kind).model_validate_json(json.dumps(read))
    return read


def rendered(one: Fact, name: str = "") -> dict[str, Any]:
    made = told(one)
    kind = type_of(made)
    assert kind == (name or kind)
    return parsed(FACT_RESOURCES[kind].render(made, RECORD))


def extensions(resource: dict[str, Any], url: str) -> list[dict[str, Any]]:
    return [one for one in resource.get("extension", ()) if one["url"] == url]


def test_a_result_keeps_value_range_and_interpretation() -> None:
    found = rendered(fact(), "Observation")
    assert found["status"] == "final"
    assert found["code"]["coding"][0]["system"] == "http://loinc.org"
    assert found["valueQuantity"] == {
        "value": 7.1,
        "unit": "%",
        "system": "http://unitsofmeasure.org",
        "code": "%",
    }
    assert found["referenceRange"][0]["high"]["value"] == 6.0
    assert found["interpretation"][0]["coding"][0]["code"] == "H"
    assert found["effectiveDateTime"] == "2026-03-04T08:00:00+01:00"
    assert found["performer"] == [{"display": "Laboratoire du Pont"}]
    assert found["derivedFrom"] == [{"reference": f"DocumentReference/{source().entry_uuid}"}]
    assert found["subject"] == {"reference": f"Patient/{RECORD}"}


def test_digits_and_comparator_are_those_of_the_document() -> None:
    made = told(fact(value=Quantity("5.00", "mg/L", "<")))
    raw = FACT_RESOURCES["Observation"].render(made, RECORD)
    assert b'"value":5.00,"comparator":"<"' in raw


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        (Concept((Code("1.2.3", "POS", "Positif"),)), "valueCodeableConcept"),
        (Range(Quantity("1"), None), "valueRange"),
        (Ratio(Quantity("1"), Quantity("64")), "valueRatio"),
        (Words("négatif"), "valueString"),
        (Quantity("1/64", "titre"), "valueString"),
        (Range(Quantity("1", "", "<"), None), "valueString"),
        (Ratio(Quantity("1"), Quantity("un")), "valueString"),
    ],
)
def test_every_sort_of_value_has_its_place_or_is_told_in_words(held: Any, shown: str) -> None:
    assert [name for name in rendered(fact(value=held)) if name.startswith("value")] == [shown]


def test_a_number_is_no_unit_of_ucum() -> None:
    found = rendered(fact(value=Quantity("2", "30009000")))["valueQuantity"]
    assert found == {"value": 2, "unit": "30009000"}
    assert rendered(fact(value=Quantity("2", "1")))["valueQuantity"]["code"] == "1"


def test_a_device_is_known_by_its_identifiers() -> None:
    details = Act(identifiers=("1.2.250.1^A7", "usine-7", " "))
    found = rendered(problem(kind=Kind.DEVICE, details=details), "DeviceUseStatement")
    assert found["contained"][0]["identifier"] == [
        {"system": "urn:oid:1.2.250.1", "value": "A7"},
        {"value": "usine-7"},
    ]


def test_what_is_denied_cannot_be_overlooked() -> None:
    assert rendered(fact(negated=True))["modifierExtension"][0]["url"] == urls.FACT_NEGATED
    for made, element in (
        (problem(negated=True), "verificationStatus"),
        (allergy(negated=True), "verificationStatus"),
    ):
        assert rendered(made)[element]["coding"][0]["code"] == "refuted"
    assert rendered(treatment(negated=True))["doNotPerform"] is True
    dispensed = treatment(negated=True, stage=Stage.DISPENSED)
    assert rendered(dispensed, "MedicationDispense")["status"] == "declined"
    told_of_ = treatment(negated=True, stage=None)
    assert rendered(told_of_, "MedicationStatement")["status"] == "not-taken"
    vaccine = problem(kind=Kind.IMMUNIZATION, details=Immunization(), negated=True)
    assert rendered(vaccine, "Immunization")["status"] == "not-done"
    act = problem(kind=Kind.PROCEDURE, details=Act(), negated=True)
    assert rendered(act, "Procedure")["status"] == "not-done"
    for kind in (Kind.FAMILY, Kind.DEVICE):
        assert "modifierExtension" in rendered(problem(kind=kind, negated=True, details=None))


def test_of_whom_it_is_told_cannot_be_overlooked() -> None:
    fetus = Concept(text="Fœtus 2")
    for made in (fact(subject=fetus, negated=True), problem(subject=fetus), allergy(subject=fetus)):
        found = rendered(made)["modifierExtension"]
        told_of_ = [one for one in found if one["url"] == urls.FACT_SUBJECT]
        assert told_of_ == [{"url": urls.FACT_SUBJECT, "valueCodeableConcept": {"text": "Fœtus 2"}}]
    assert "modifierExtension" not in rendered(problem())


def test_an_impossible_date_is_told_as_written() -> None:
    found = rendered(problem(when=When("2026-02-31")))
    assert "onsetDateTime" not in found
    assert extensions(found, urls.FACT_DATE)[0]["valueString"] == "2026-02-31"


def test_a_contradiction_is_carried() -> None:
    found = rendered(problem(contradicts=("en 2018",)))
    assert extensions(found, urls.FACT_CONTRADICTED)[0]["valueString"] == "en 2018"


def test_without_a_code_the_words_or_the_null_stand() -> None:
    assert rendered(fact(what=Concept(text="Glycémie")))["code"] == {"text": "Glycémie"}
    null = rendered(fact(what=Concept(null="NAV")))["code"]["coding"][0]
    assert (null["system"], null["code"]) == (urls.NULL_FLAVOR, "NAV")
    assert rendered(fact(what=Concept()))["code"]["coding"][0]["code"] == "UNK"


def test_a_dose_is_told_by_its_parts() -> None:
    details = Medication(
        form=Concept(text="comprimé"),
        lot="A1",
        quantity=Quantity("2", "{boîte}"),
        renewals="3",
        as_needed=True,
        doses=(
            Dose(
                Quantity("1", "{comprimé}"),
                None,
                Quantity("12", "h"),
                "PCM",
                When("2026-01-01", "2026-01-10"),
            ),
            Dose(Range(Quantity("1"), Quantity("2")), every=Quantity("2", "lunes"), event="AUBE"),
        ),
        dosage="1 à 2 selon douleur",
    )
    found = rendered(treatment(details=details), "MedicationRequest")
    first, second, third = found["dosageInstruction"]
    assert first["text"] == "1 à 2 selon douleur"
    assert second["timing"]["repeat"] == {
        "boundsPeriod": {"start": "2026-01-01", "end": "2026-01-10"},
        "frequency": 1,
        "period": 12,
        "periodUnit": "h",
        "when": ["PCM"],
    }
    assert second["asNeededBoolean"] is True
    assert len(third["extension"]) == 2
    assert found["dispenseRequest"]["numberOfRepeatsAllowed"] == 3
    assert found["contained"][0]["batch"] == {"lotNumber": "A1"}


def test_stages_decide_between_the_three_of_treatments() -> None:
    names = {stage: type_of(told(treatment(stage=stage))) for stage in (None, *Stage)}
    assert names.pop(Stage.PRESCRIBED) == "MedicationRequest"
    assert names.pop(Stage.DISPENSED) == "MedicationDispense"
    assert set(names.values()) == {"MedicationStatement"}
    stopped = rendered(treatment(stage=Stage.STOPPED))
    assert stopped["status"] == "stopped"


def test_a_report_names_the_results_of_its_document() -> None:
    metadata = (
        b'{"resourceType":"DocumentReference","type":{"coding":[{"code":"11502-2"}]},'
        b'"context":{"period":{"start":"2026-03-04"}},'
        b'"content":[{"attachment":{"contentType":"text/xml","url":"\x01/Binary/x"}}]}'
    )
    held = source(resource=metadata)
    made = Report(held, (Told(fact(0), held), Told(fact(1), held)))
    found = parsed(report.render(made, RECORD))
    assert len(found["result"]) == 2
    assert found["code"]["coding"][0]["code"] == "11502-2"
    assert found["presentedForm"][0]["url"].endswith(f"/Binary/{held.document_id}")


def test_a_provenance_leads_to_the_bytes() -> None:
    made = told(fact(3))
    found = parsed(provenance.render("Observation", made))
    assert found["target"] == [{"reference": f"Observation/{made.id}"}]
    (place,) = found["entity"][0]["extension"]
    parts = {one["url"]: one for one in place["extension"]}
    assert parts["begin"]["valueUnsignedInt"] == 3700
    assert parts["path"]["valueString"] == made.fact.place.path


CODES = st.builds(
    Code,
    st.sampled_from(["2.16.840.1.113883.6.1", "1.2.3", "http://loinc.org", "", "local code"]),
    st.sampled_from(["1-8", "", " a  b ", "É"]),
    st.sampled_from(["", "Mots"]),
)
CONCEPTS = st.builds(
    Concept,
    st.lists(CODES, max_size=2).map(tuple),
    st.sampled_from(["", "mots", " "]),
    st.sampled_from(["", "NI", "?"]),
    st.lists(CODES, max_size=1).map(tuple),
)
MAYBE = st.none() | CONCEPTS
MANY = st.lists(CONCEPTS, max_size=2).map(tuple)
QUANTITIES = st.builds(
    Quantity,
    st.sampled_from(["1", "01.50", "+2", ".5", "-.5", "1,5", "x", "", "1e5", "9" * 40]),
    st.sampled_from(["", "mg", "d", "mg par jour", "%"]),
    st.sampled_from(["", "<", "~"]),
)
RANGES = st.builds(Range, st.none() | QUANTITIES, st.none() | QUANTITIES)
VALUES = st.one_of(
    st.none(),
    QUANTITIES,
    RANGES,
    CONCEPTS,
    st.builds(Ratio, QUANTITIES, QUANTITIES),
    st.builds(Words, st.sampled_from(["", "oui", "\n"])),
)
TEXTS = st.sampled_from(["", "mots", "3", "12345678901", " "])
DATES = st.sampled_from(
    [
        "",
        "2026",
        "2026-02",
        "2026-02-31",
        "2026-02-03",
        "2026-02-03T10:00:00+01:00",
        "hier",
        "2026-02-03T10:00",
    ]
)
WHENS = st.builds(When, DATES, DATES, st.booleans())
DOSES = st.builds(
    Dose,
    st.none() | QUANTITIES | RANGES,
    st.none() | QUANTITIES | RANGES,
    st.none() | QUANTITIES,
    st.sampled_from(["", "PCM", "X"]),
    WHENS,
    TEXTS,
)
DETAILS: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.MEDICATION: st.builds(
        Medication,
        MAYBE,
        MANY,
        MAYBE,
        st.lists(DOSES, max_size=2).map(tuple),
        TEXTS,
        st.none() | QUANTITIES,
        TEXTS,
        TEXTS,
        MAYBE,
        st.booleans(),
        MANY,
    ),
    Kind.IMMUNIZATION: st.builds(
        Immunization, TEXTS, TEXTS, st.none() | QUANTITIES, MAYBE, MAYBE, MANY, MAYBE, DATES
    ),
    Kind.ALLERGY: st.builds(Allergy, MAYBE, MANY, MAYBE),
    Kind.PROBLEM: st.builds(Problem, MAYBE, MAYBE, MAYBE, MAYBE),
    Kind.RESULT: st.builds(Analysis, MANY, MAYBE, MAYBE, MAYBE, TEXTS),
    Kind.FAMILY: st.builds(Relative, MAYBE, st.none() | QUANTITIES, st.booleans()),
    Kind.PROCEDURE: st.builds(
        Act, MANY, MANY, MAYBE, st.lists(TEXTS, max_size=2).map(tuple), st.none() | QUANTITIES
    ),
    Kind.DEVICE: st.builds(
        Act, MANY, MANY, MAYBE, st.lists(TEXTS, max_size=2).map(tuple), st.none() | QUANTITIES
    ),
}
BOUNDS = st.builds(Bounds, st.none() | RANGES | CONCEPTS | st.builds(Words, TEXTS), MAYBE, TEXTS)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    kind = draw(st.sampled_from(Kind))
    return Fact(
        number=0,
        kind=kind,
        what=draw(CONCEPTS),
        place=Place(draw(TEXTS), draw(TEXTS), draw(TEXTS), 1, 2, draw(TEXTS), draw(TEXTS)),
        when=draw(WHENS),
        value=draw(VALUES),
        status=draw(st.sampled_from(["", "completed", "active", "aborted", "nullified", "x"])),
        negated=draw(st.booleans()),
        stage=draw(st.none() | st.sampled_from(Stage)),
        bounds=tuple(draw(st.lists(BOUNDS, max_size=2))),
        interpretation=draw(MANY),
        details=draw(st.none() | DETAILS[kind]) if kind in DETAILS else None,
        comment=draw(TEXTS),
        contradicts=tuple(draw(st.lists(TEXTS, max_size=2))),
        ids=tuple(draw(st.lists(TEXTS, max_size=2))),
    )


@given(facts())
def test_every_fact_is_a_resource_that_others_read(one: Fact) -> None:
    made = told(one)
    kind = type_of(made)
    parsed(FACT_RESOURCES[kind].render(made, RECORD))
    parsed(provenance.render(kind, made))


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.stem)
def test_every_fact_of_the_corpus_is_a_resource_that_others_read(path: Path) -> None:
    for one in told_of(read_facts(path.read_bytes()), source()):
        parsed(FACT_RESOURCES[type_of(one)].render(one, RECORD))
