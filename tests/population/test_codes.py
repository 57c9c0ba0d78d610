"""The codes of invented lives: well formed, sourced, within their limits, and read precisely."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from importlib.resources import files

import msgspec
import pytest

from carnet.population import codes
from carnet.population.codes import (
    TABLES,
    Act,
    Allergy,
    AllergyKind,
    Analysis,
    Battery,
    Bounds,
    Chapter,
    Country,
    Device,
    Drug,
    Entry,
    Kind,
    Problem,
    Vaccine,
    entry,
    source_of,
    table,
)
from carnet.record.errors import CarnetError
from carnet.record.identity import Sex

KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ATC = re.compile(r"[A-Z]\d{2}([A-Z]([A-Z](\d{2})?)?)?")
CIM10 = re.compile(r"[A-Z]\d{2}(\.\d{1,3})?")
CCAM = re.compile(r"[A-Z]{4}\d{3}")
EMDN = re.compile(r"[A-Z]\d{2,12}")
SNOMED = re.compile(r"\d{6,18}")
INSEE = re.compile(r"(\d{2}|2[AB])\d{3}")
UCUM_TERM = re.compile(
    r"(10\*\d+|\[[A-Za-z]+\]|\{[A-Za-z0-9_.]+\}|[a-zA-Zµ%]*(\[[A-Za-z]+\])?(\{[A-Za-z0-9_.]+\})?|1|24\.h)+"
)


def _luhn(code: str) -> bool:
    """LOINC's check digit: modulus 10 over the digits before the hyphen (LOINC Users' Guide)."""
    digits, check = code.split("-")
    doubled = "".join(
        str(int(digit) * 2) if place % 2 == 0 else digit
        for place, digit in enumerate(reversed(digits))
    )
    return (10 - sum(map(int, doubled)) % 10) % 10 == int(check)


def _ean(code: str) -> bool:
    """The check digit of a CIP13, which is an EAN 13."""
    weighed = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(code[:12]))
    return (10 - weighed % 10) % 10 == int(code[12])


def _verhoeff(code: str) -> bool:
    """The check digit of a SNOMED CT identifier."""
    d = [
        [(i % 5 + j % 5) % 5 + 5 * ((i // 5) ^ (j // 5)) for j in range(10)]
        if i < 5
        else [(i % 5 - j % 5) % 5 + 5 * (1 ^ (j // 5)) for j in range(10)]
        for i in range(10)
    ]
    p = [list(range(10)), [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]]
    p += [[p[i - 1][p[1][j]] for j in range(10)] for i in range(2, 3)]
    while len(p) < 8:
        p.append([p[-1][p[1][j]] for j in range(10)])
    check = 0
    for place, digit in enumerate(reversed(code)):
        check = d[check][p[place % 8][int(digit)]]
    return check == 0


def _tables() -> Iterator[tuple[type[Entry], str, Entry]]:
    for _, kind in TABLES.values():
        for key, found in table(kind).items():
            yield kind, key, found


def _pairs(kind: type[Entry], field: str) -> list[tuple[str, str]]:
    pairs = [getattr(found, field) for found in table(kind).values()]
    return [pair for pair in pairs if pair is not None]


def test_keys_are_short_kebab_case_and_stand_once() -> None:
    for _kind, key, _ in _tables():
        assert KEY.fullmatch(key), key
        assert len(key) <= 40
    for name, (file, _) in TABLES.items():
        text = (files("carnet.population") / "data" / "codes" / file).read_text("utf-8")
        headers = re.findall(rf"^\[{name}\.([^\]]+)\]$", text, re.MULTILINE)
        assert len(headers) == len(set(headers)) > 0


@pytest.mark.parametrize("kind", [Analysis, Battery, Chapter, Act])
def test_loinc_codes_have_their_check_digit(kind: type[Entry]) -> None:
    pairs = _pairs(kind, "loinc")
    assert pairs
    for code, name in pairs:
        assert re.fullmatch(r"\d{1,6}-\d", code), code
        assert _luhn(code), code
        assert name


def test_medicine_codes_are_well_formed() -> None:
    medicines: list[Drug | Vaccine] = [*table(Drug).values(), *table(Vaccine).values()]
    for medicine in medicines:
        assert medicine.atc is None or ATC.fullmatch(medicine.atc), medicine.key
        assert medicine.cis is None or re.fullmatch(r"6\d{7}", medicine.cis), medicine.key
    for drug in table(Drug).values():
        if drug.cip is not None:
            assert re.fullmatch(r"34009\d{8}", drug.cip), drug.key
            assert _ean(drug.cip), drug.key


def test_no_two_medicines_share_a_cis_or_a_cip() -> None:
    for field in ("cis", "cip"):
        found = [getattr(drug, field) for drug in table(Drug).values() if getattr(drug, field)]
        assert len(found) == len(set(found)) > 0


@pytest.mark.parametrize(
    ("kind", "field", "pattern"),
    [
        (Problem, "cim10", CIM10),
        (Allergy, "cim10", CIM10),
        (Act, "ccam", CCAM),
        (Device, "emdn", EMDN),
        (AllergyKind, "snomed", SNOMED),
    ],
)
def test_other_codes_are_well_formed(
    kind: type[Entry], field: str, pattern: re.Pattern[str]
) -> None:
    pairs = _pairs(kind, field)
    assert pairs
    for code, name in pairs:
        assert pattern.fullmatch(code), code
        assert name


def test_snomed_identifiers_have_their_check_digit() -> None:
    assert _verhoeff("22298006")  # the identifier of myocardial infarction, widely published
    assert not _verhoeff("22298007")
    for code, _ in _pairs(AllergyKind, "snomed"):
        assert _verhoeff(code), code


def test_every_coded_entry_names_a_source_that_stands_in_its_file() -> None:
    coded = {"loinc", "cim10", "ccam", "emdn", "snomed", "atc", "cis", "cip"}
    for kind, key, found in _tables():
        fields = {f for f in coded & set(kind.__struct_fields__) if getattr(found, f) is not None}
        one = getattr(found, "source", None)
        by_field: dict[str, str] = getattr(found, "sources", {})
        if by_field or "sources" in kind.__struct_fields__:
            assert set(by_field) == fields, key
        elif kind is not Country:
            assert (one is not None) == bool(fields), key
        for name in {one, *by_field.values()} - {None}:
            source = source_of(kind, str(name))
            assert source.title, key
            assert source.where, key


def _ascending(bounds: Bounds, low: str, high: str) -> bool:
    values = [Decimal(value) for value in (low, *bounds, high) if value]
    return values == sorted(values)


def test_ranges_stand_within_what_a_body_can_give() -> None:
    for analysis in table(Analysis).values():
        if analysis.answers:
            assert analysis.unit is None, analysis.key
            assert analysis.normal is None or analysis.normal in analysis.answers, analysis.key
            continue
        low, high = analysis.limits
        assert Decimal(low) < Decimal(high), analysis.key
        ranges = [analysis.range, analysis.range_f, analysis.range_m]
        ranges += [child.range for child in analysis.children]
        for bounds in ranges:
            assert bounds is None or _ascending(bounds, low, high), analysis.key
        assert 0 < analysis.variation <= 60, analysis.key
        assert 0 <= analysis.digits <= 3, analysis.key


def test_units_look_like_ucum() -> None:
    for analysis in table(Analysis).values():
        if analysis.unit is None:
            continue
        assert analysis.unit.isascii(), analysis.key
        assert " " not in analysis.unit, analysis.key
        for term in analysis.unit.replace("(24.h)", "h").split("/"):
            assert UCUM_TERM.fullmatch(term), analysis.unit


def test_ranges_of_children_follow_each_other() -> None:
    for analysis in table(Analysis).values():
        for child in analysis.children:
            assert 0 <= child.from_ < child.to <= 18 * 12, analysis.key
        starts = [child.from_ for child in analysis.children]
        assert starts == sorted(starts), analysis.key
        for before, after in zip(analysis.children, analysis.children[1:], strict=False):
            assert before.to <= after.from_, analysis.key


def test_bounds_go_by_age_then_by_sex() -> None:
    haemoglobin = entry(Analysis, "haemoglobin")
    assert haemoglobin.bounds(Sex.MALE, 12) == ("10.5", "13.5")
    assert haemoglobin.bounds(Sex.MALE, 40 * 12) == ("13.0", "17.0")
    assert haemoglobin.bounds(Sex.FEMALE, 40 * 12) == ("11.5", "16.0")
    assert entry(Analysis, "sodium").bounds(Sex.FEMALE, 600) == ("136", "145")


def test_batteries_and_chapters_hold_together() -> None:
    chapters = table(Chapter)
    for analysis in table(Analysis).values():
        assert analysis.chapter in chapters, analysis.key
    for battery in table(Battery).values():
        assert battery.chapter in chapters, battery.key
        assert battery.analyses
        assert len(set(battery.analyses)) == len(battery.analyses)
        for key in battery.analyses:
            assert key in table(Analysis), (battery.key, key)


def test_the_keys_of_the_demo_are_still_there() -> None:
    kept = (
        "glucose hba1c creatinine gfr potassium urea ldl hdl triglycerides albuminuria crp "
        "ntprobnp tsh ferritin leukocytes erythrocytes haemoglobin haematocrit mcv platelets"
    )
    assert set(kept.split()) <= set(table(Analysis))
    assert entry(Analysis, "hba1c").loinc is not None


def test_allergies_name_classes_and_kinds_that_exist() -> None:
    classes = {drug.class_ for drug in table(Drug).values()}
    for allergy in table(Allergy).values():
        assert set(allergy.classes) <= classes, allergy.key
        assert allergy.kind in table(AllergyKind), allergy.key
        assert allergy.reactions, allergy.key
    assert "penicillin" in entry(Allergy, "amoxicillin").classes
    assert entry(Drug, "amoxicillin-1g").class_ == "penicillin"


def test_medicines_against_pregnancy_are_marked() -> None:
    against = {"ace-inhibitor", "arb", "statin", "vka", "nsaid", "quinolone", "retinoid"}
    for drug in table(Drug).values():
        assert drug.doses, drug.key
        if drug.class_ in against:
            assert drug.pregnancy_contraindicated, drug.key
    assert not entry(Drug, "paracetamol-1g").pregnancy_contraindicated


def test_problems_of_one_sex_say_so() -> None:
    assert entry(Problem, "pregnancy").sex is Sex.FEMALE
    assert entry(Problem, "prostate-cancer").sex is Sex.MALE
    assert entry(Problem, "diabetes-2").sex is None
    assert entry(Problem, "diabetes-2").kind is Kind.CHRONIC
    for problem in table(Problem).values():
        if problem.cim10 is not None and problem.cim10[0].startswith("O"):
            assert problem.sex is Sex.FEMALE, problem.key


def test_modalities_are_dicom_codes_that_were_read() -> None:
    used = {act.modality for act in table(Act).values()} - {None}
    assert used == {"CT", "MR", "MG", "US"}


def test_communes_cover_every_department() -> None:
    communes = codes.communes()
    assert len({commune.insee for commune in communes}) == len(communes) > 1400
    for commune in communes:
        assert INSEE.fullmatch(commune.insee), commune
        assert re.fullmatch(r"\d{5}", commune.postal_code), commune
        assert re.fullmatch(r"[A-Z0-9' -]+", commune.name), commune
        assert commune.insee.startswith(commune.department), commune
        assert commune.population > 0, commune
    departments = {commune.department for commune in communes}
    mainland = {f"{n:02d}" for n in range(1, 96) if n != 20}
    assert mainland | {"2A", "2B", "971", "972", "973", "974", "976"} <= departments


def test_paris_lyon_and_marseille_are_given_by_district() -> None:
    assert codes.commune("75115").name == "PARIS 15E ARRONDISSEMENT"
    assert codes.commune("75115").postal_code == "75015"
    with pytest.raises(CarnetError):
        codes.commune("75056")


def test_countries_have_insee_codes_and_names_in_capitals() -> None:
    for code, country in table(Country).items():
        assert re.fullmatch(r"99[1-5]\d{2}", code)
        assert re.fullmatch(r"[A-Z' ()-]+", country.name), country
    assert entry(Country, "99352").name == "ALGERIE"


def test_names_cover_every_decade_and_many_origins() -> None:
    names = codes.names()
    decades = {str(year) for year in range(1920, 2030, 10)}
    for by_decade in (names.male, names.female):
        assert set(by_decade) == decades
        for decade, given in by_decade.items():
            assert len(set(given)) == len(given) >= 38, decade
    families = {family for group in names.family.values() for family in group}
    assert len(families) >= 600
    assert set(names.male_origin) == set(names.female_origin) <= set(names.family)


def test_pairs_that_must_not_be_drawn_could_be_drawn() -> None:
    names = codes.names()
    assert len(names.stop["pairs"]) > 20
    for pair in names.stop["pairs"]:
        given, family = pair.split(" ", 1)
        assert given[0].isupper(), pair
        assert family[0].isupper(), pair


@pytest.mark.parametrize("kind", [kind for _, kind in TABLES.values()])
def test_an_unknown_key_names_its_table_and_file(kind: type[Entry]) -> None:
    with pytest.raises(CarnetError) as refused:
        entry(kind, "nothing-of-the-kind")
    name = next(name for name, (_, entry_kind) in TABLES.items() if entry_kind is kind)
    assert refused.value.code == "population-code-unknown"
    assert refused.value.element == f"{name}.nothing-of-the-kind"
    assert refused.value.params["file"] == TABLES[name][0]


def test_an_unknown_commune_is_named() -> None:
    with pytest.raises(CarnetError) as refused:
        codes.commune("00000")
    assert refused.value.element == "commune.00000"


def test_a_misspelt_field_is_refused() -> None:
    fields = {"key": "x", "label": "X", "kind": "implant", "emnd": ["Z", "Z"]}
    with pytest.raises(msgspec.ValidationError, match="emnd"):
        msgspec.convert(fields, Device)


def test_files_are_read_once() -> None:
    assert table(Drug) is table(Drug)
    assert codes.communes() is codes.communes()
