"""Code systems by OID and by URL."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.vocabulary import names, value_set
from carnet.record.vocabulary.systems import nos_url, system_oid, system_url

A05 = (
    "https://mos.esante.gouv.fr/NOS/TRE_A05-TypeDocComplementaire"
    "/FHIR/TRE-A05-TypeDocComplementaire"
)


@pytest.mark.parametrize(
    ("oid", "url"),
    [
        ("2.16.840.1.113883.6.1", "http://loinc.org"),
        ("1.2.250.1.213.1.1.4.12", A05),
        ("2.16.840.1.113883.5.25", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"),
        (
            "1.2.250.1.71.4.2.4",
            "https://mos.esante.gouv.fr/NOS/TRE_R02-SecteurActivite/FHIR/TRE-R02-SecteurActivite",
        ),
        ("1.2.3.4", "urn:oid:1.2.3.4"),
        ("http://hospital.example/codes", "http://hospital.example/codes"),
    ],
)
def test_a_system_is_known_by_oid_and_by_url(oid: str, url: str) -> None:
    assert system_url(oid) == url
    assert system_oid(url) == oid


@pytest.mark.parametrize(
    ("url", "oid"),
    [
        ("urn:oid:2.16.840.1.113883.6.1", "2.16.840.1.113883.6.1"),
        (A05.partition("/FHIR")[0], "1.2.250.1.213.1.1.4.12"),
        (A05.replace("https", "http"), "1.2.250.1.213.1.1.4.12"),
        (nos_url("TRE_A08-HL7Confidentiality"), "2.16.840.1.113883.5.25"),
        (nos_url("TRE_A07-StatusVisibiliteDocument"), "1.2.250.1.213.1.1.4.13"),
        (nos_url("TRE_R00-Unknown"), nos_url("TRE_R00-Unknown")),
        (
            "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode",
            "1.3.6.1.4.1.19376.1.2.3",
        ),
        ("1.2.3", "1.2.3"),
        ("urn:oid:nothing", "urn:oid:nothing"),
        ("", ""),
    ],
)
def test_other_spellings_are_read_and_the_unknown_stays(url: str, oid: str) -> None:
    assert system_oid(url) == oid


def test_every_system_of_the_value_sets_has_a_url() -> None:
    systems = {concept.system for name in names() for concept in value_set(name).concepts}
    assert {s for s in systems if not system_url(s).startswith("http")} == set()


@given(st.from_regex(r"[0-2](\.(0|[1-9][0-9]{0,5})){1,8}", fullmatch=True) | st.text(max_size=30))
def test_an_oid_comes_back_from_its_url(oid: str) -> None:
    assert system_oid(system_url(oid)) == system_oid(oid)
