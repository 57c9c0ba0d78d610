"""Value sets: what they answer, and that they say what was published."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from carnet.record import vocabulary
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.vocabulary import (
    class_of_type,
    format_of_media_type,
    format_of_template,
    load,
    names,
    value_set,
)

LOINC = "2.16.840.1.113883.6.1"
IHE_FORMATS = "1.3.6.1.4.1.19376.1.2.3"
FRENCH_FORMATS = "1.2.250.1.213.1.1.4.2.282"
PACKAGED = sorted(Path(vocabulary.__file__).parent.joinpath("data").glob("*.json"))


@pytest.fixture
def published(corpus: Path) -> Path:
    """The published value sets, beside the corpus."""
    folder = corpus.parent / "valuesets"
    if not folder.is_dir():
        pytest.skip(f"the published value sets are not at {folder}")
    return folder


@pytest.fixture
def operators(tmp_path: Path) -> Iterator[Path]:
    """An operator's directory; the shipped sets are back in use afterwards."""
    yield tmp_path
    load(None)


def test_a_value_set_goes_by_its_short_and_its_full_name() -> None:
    assert value_set("J07") is value_set("JDV_J07_XdsTypeCode_CISIS")
    assert value_set("A03") is value_set("TRE_A03")
    assert value_set("J11").name.startswith("JDV_J11_")
    assert all(value_set(name).concepts for name in names())


@pytest.mark.parametrize("name", ["J1", "J999", "ASS_X04_TypeToClass", ""])
def test_a_name_that_is_none_is_an_error_of_the_program(name: str) -> None:
    with pytest.raises(LookupError):
        value_set(name)


def test_a_code_is_found_in_its_system_or_in_any() -> None:
    types = value_set("J07")
    label = "CR d'examens biologiques"
    assert types.find("11502-2") == Code(LOINC, "11502-2", label)
    assert types.find("11502-2", LOINC) == types.find("11502-2", "http://loinc.org")
    assert types.find("11502-2", "1.2.250.1.213.1.1.4.12") is None
    assert types.find("00000-0") is None


@pytest.mark.parametrize(
    ("type_code", "class_code"),
    [("11502-2", "10"), ("SYNTH", "11"), ("18748-4", "31"), ("87273-9", "52"), ("101881-1", "52")],
)
def test_the_class_follows_from_the_type(type_code: str, class_code: str) -> None:
    found = class_of_type(type_code)
    assert found == value_set("TRE_A03").find(class_code)
    assert found is not None


@pytest.mark.parametrize("type_code", ["E1762", "unknown", ""])
def test_some_types_have_no_class(type_code: str) -> None:
    assert class_of_type(type_code) is None


def test_the_format_follows_from_the_model_whatever_its_version() -> None:
    lab = (("2.16.840.1.113883.2.8.2.1", None), ("1.2.250.1.213.1.1.1.55", "2024.01"))
    assert format_of_template(lab) == Code(IHE_FORMATS, "urn:ihe:lab:xd-lab:2008")
    summary = (("1.2.250.1.213.1.1.1.13", "2023.01"),)
    assert format_of_template(summary) == Code(FRENCH_FORMATS, "urn:asip:ci-sis:vsm:2012")


def test_a_french_model_goes_before_an_international_one() -> None:
    both = (("1.3.6.1.4.1.19376.1.8.1.1.1", None), ("1.2.250.1.213.1.1.1.57", None))
    assert format_of_template(both) == Code(IHE_FORMATS, "urn:ihe:palm:apsr:2016")


def test_a_model_that_the_table_lacks_has_no_format() -> None:
    assert format_of_template((("1.2.250.1.213.1.1.1.59", "2024.01"),)) is None
    assert format_of_template(()) is None


def test_the_format_of_an_unstructured_document_follows_from_its_media_type() -> None:
    pdf = Code(IHE_FORMATS, "urn:ihe:iti:xds-sd:pdf:2008")
    assert format_of_media_type("application/pdf") == pdf
    assert format_of_media_type("Application/PDF; charset=binary") == pdf
    assert format_of_media_type("video/mp4") is None


def test_an_operators_file_replaces_the_shipped_one(operators: Path) -> None:
    resource = {
        "resourceType": "ValueSet",
        "name": "JDV_J07_XdsTypeCode_CISIS",
        "version": "20260629120000",
        "publisher": "ANS",
        "compose": {
            "include": [
                {
                    "system": "http://loinc.org",
                    "concept": [{"code": "34876-3", "display": "Compte rendu"}],
                }
            ]
        },
    }
    (operators / "JDV_J07_XdsTypeCode_CISIS.json").write_text(json.dumps(resource))
    before = value_set("J02")
    load(operators)
    assert value_set("J07").concepts == (Code(LOINC, "34876-3", "Compte rendu"),)
    assert value_set("J07").version == "20260629120000"
    assert value_set("J02") == before
    load(None)
    assert value_set("J07").find("11502-2") is not None


def test_an_operators_association_replaces_the_shipped_one(operators: Path) -> None:
    (operators / "ASS_X04_TypeToClass.json").write_text('{"classes": {"42": ["34876-3"]}}')
    load(operators)
    assert class_of_type("34876-3") == value_set("TRE_A03").find("42")
    assert class_of_type("11502-2") is None


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("JDV_J07_XdsTypeCode_CISIS.json", "{}", "vocabulary-unreadable"),
        ("JDV_J07_XdsTypeCode_CISIS.json", "<xml/>", "vocabulary-unreadable"),
        ("ASS_X04_TypeToClass.json", "[]", "vocabulary-unreadable"),
        ("ASS_A11_ModelToFormat.json", "{}", "vocabulary-unreadable"),
        ("ASS_A12_MediaTypeToFormat.json", "{}", "vocabulary-unreadable"),
        ("JDV_J70.json", "{}", "vocabulary-unknown"),
    ],
)
def test_a_bad_file_is_refused_at_once_and_the_old_sets_stay(
    operators: Path, file: str, text: str, code: str
) -> None:
    (operators / file).write_text(text)
    with pytest.raises(CarnetError) as error:
        load(operators)
    assert (error.value.code, error.value.params) == (code, {"file": file})
    assert value_set("J07").find("11502-2") is not None


def test_every_packaged_file_names_its_set_and_its_source() -> None:
    for path in PACKAGED:
        data = json.loads(path.read_text(encoding="utf-8"))
        assert data["name"]
        assert data["source"]
        assert path.stem in names() or path.stem.startswith("ASS_")


def test_the_packaged_files_are_those_published(published: Path) -> None:
    assert {path.name for path in PACKAGED} == {path.name for path in published.glob("*.json")}


@pytest.mark.parametrize("stem", names())
def test_a_value_set_holds_just_what_was_published(published: Path, stem: str) -> None:
    data = json.loads((published / f"{stem}.json").read_text(encoding="utf-8"))
    concepts = tuple(Code(c["system"], c["code"], c["display"]) for c in data["concepts"])
    mine = value_set(stem)
    assert mine.concepts == concepts
    assert (mine.name, mine.oid) == (data["id"], data["oid"])
    assert data["version"].startswith(mine.version)


def test_classes_are_those_published_and_one_choice(published: Path) -> None:
    rows = json.loads((published / "ASS_X04_TypeToClass.json").read_text(encoding="utf-8"))["map"]
    for row in rows:
        found = class_of_type(row["type"])
        assert found is not None
        assert found.code == row["class"]
    types = {concept.code for concept in value_set("J07").concepts}
    assert types - {row["type"] for row in rows} == {"101881-1", "E1762"}


def test_formats_are_those_published(published: Path) -> None:
    systems = {"TRE_A06": FRENCH_FORMATS, "TRE_A11": IHE_FORMATS}
    models = json.loads((published / "ASS_A11_ModelToFormat.json").read_text(encoding="utf-8"))
    for row in models["map"]:
        expected = Code(systems[row["format_system"]], row["format"])
        assert format_of_template(((row["templateId"], None),)) == expected
    media = json.loads((published / "ASS_A12_MediaTypeToFormat.json").read_text(encoding="utf-8"))
    for row in media["map"]:
        expected = Code(systems[row["format_system"]], row["format"])
        assert format_of_media_type(row["mediaType"]) == expected


def test_all_samples_but_the_rapid_tests_have_a_format(corpus: Path) -> None:
    without = []
    for path in sorted(corpus.glob("*.xml")):
        text = path.read_text(encoding="utf-8", errors="replace")
        header = text.partition("<component")[0]
        roots = re.findall(r'<templateId[^>]*root="([^"]+)"', header)
        media = re.search(r'<nonXMLBody>\s*<text[^>]*mediaType="([^"]+)"', text)
        templates = tuple((root, None) for root in roots)
        found = format_of_template(templates) or (media and format_of_media_type(media[1]))
        if not found:
            without.append(path.name)
    assert without == ["BIO-TROD_2024.01_COVID-19.xml", "BIO-TROD_2024.01_Cystite.xml"]
