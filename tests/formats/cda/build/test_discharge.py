"""The letter at discharge: the reference's row of its sections, clause by clause."""

from __future__ import annotations

import msgspec
import pytest

from carnet.formats.cda.build import Coded, DocumentSpec
from carnet.record.document import Code
from tests.formats.cda.build.care_samples import SNOMED, STAY, bare_discharge, discharge
from tests.formats.cda.build.clauses import CCD as C
from tests.formats.cda.build.clauses import ENTRY as F3
from tests.formats.cda.build.clauses import PCC as P
from tests.formats.cda.build.clauses import SECTION as F2
from tests.formats.cda.build.clauses import of_templates
from tests.formats.cda.build.header_samples import NS, built, holds

BODY = "h:component/h:structuredBody/h:component/h:section"
STATUS = f"{BODY}[h:code/@code='33557-0']"
REASON = f"{BODY}[h:code/@code='42349-1']"
EVENTS = f"{BODY}[h:code/@code='42545-4']"
MEDICATION = f"{BODY}[h:code/@code='10183-2']"
TA = "1.2.250.1.213.1.1.4.322"


def observed(code: str) -> str:
    return f"{BODY}/h:entry/h:observation[h:code[@code='{code}' and @codeSystem='{TA}']]"


CLAUSES = {
    "F.1.29^2022.01": (
        "count(h:templateId)=3 and "
        "h:templateId[3][@root='1.2.250.1.213.1.1.1.29' and @extension='2022.01']"
    ),
    "main act IMP (A5)": (
        "h:documentationOf[1]/h:serviceEvent/h:code[@code='IMP' and "
        "@codeSystem='2.16.840.1.113883.5.4']"
    ),
    "place SA01": "h:componentOf//h:healthCareFacility/h:code/@code='SA01'",
    "F.2.35+F.2.35.1 33557-0 status": of_templates(STATUS, f"{F2}.35", f"{F2}.35.1"),
    "status: SO F.3.48.16 GEN-065 TA": of_templates(
        observed("GEN-065"), f"{P}.4.13", f"{F3}.48", f"{F3}.48.16"
    ),
    "P.3.1+F.2.127 42349-1 reason": of_templates(REASON, f"{P}.3.1", f"{F2}.127"),
    "P.1.21.2.9+1.3.6.1.4.1.19376.1.7.3.1.1.13.7+F.2.163+F.2.163.1 42545-4 stay": of_templates(
        EVENTS,
        f"{P}.1.21.2.9",
        "1.3.6.1.4.1.19376.1.7.3.1.1.13.7",
        f"{F2}.163",
        f"{F2}.163.1",
    ),
    "stay: SO TA F.3.48.6 ORG-070": of_templates(
        observed("ORG-070"), f"{P}.4.13", f"{F3}.48", f"{F3}.48.6"
    ),
    "stay: SO TA .9 MED-142 ST": (
        of_templates(observed("MED-142"), f"{P}.4.13", f"{F3}.48", f"{F3}.48.9")
        + "/h:value[@x:type='ST' and contains(., 'Décompensation')]"
    ),
    "P.3.22+F.2.146 10183-2 medication": of_templates(MEDICATION, f"{P}.3.22", f"{F2}.146"),
    "SO: id, code, text/reference, completed, effectiveTime, value": (
        f"not({EVENTS}/h:entry/h:observation[not(h:id/@root and h:code/@code and "
        "h:text/h:reference and h:statusCode/@code='completed' and h:effectiveTime/@value and "
        "h:value)])"
    ),
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_of_the_discharge_row_holds(clause: str) -> None:
    assert holds(built(discharge()), CLAUSES[clause]), clause


def codes(spec: DocumentSpec) -> object:
    return built(spec).xpath(f"{BODY}/h:code/@code", namespaces=NS)


def test_four_sections_are_required_and_enough() -> None:
    assert codes(bare_discharge()) == ["33557-0", "42349-1", "42545-4", "10183-2"]


def test_what_else_there_is_to_say_has_sections_of_its_own() -> None:
    expected = ["33557-0", "42349-1", "42545-4", "18610-6", "10183-2", "30954-2", "18776-5"]
    assert codes(discharge()) == [*expected, "48765-2"]
    root = built(discharge())
    stopped = f"{BODY}[h:code/@code='18610-6']"
    assert holds(root, of_templates(stopped, f"{P}.3.21", f"{F2}.145"))
    follow = f"{BODY}[h:code/@code='18776-5']"
    assert holds(root, of_templates(follow, f"{C}.1.10", f"{P}.3.36", f"{F2}.158"))


@pytest.mark.parametrize("mode", ["183452005", "8715000", "107724000"])
def test_every_mode_of_entry_of_the_row_is_writable(mode: str) -> None:
    entry_mode = Coded(Code(SNOMED, mode), f"mode {mode}")
    stay = msgspec.structs.replace(STAY, entry_mode=entry_mode)
    value = f"{observed('ORG-070')}/h:value[@x:type='CE' and @code='{mode}' and "
    assert holds(built(discharge(stay=stay)), f"{value}@codeSystem='{SNOMED}']")


def test_a_mode_without_code_is_named_by_its_words() -> None:
    root = built(bare_discharge())
    value = f"{observed('ORG-070')}/h:value[@nullFlavor='UNK' and not(@code)]"
    assert holds(root, f"{value}/h:originalText/h:reference")


def test_a_letter_is_approved_or_in_progress() -> None:
    assert holds(built(discharge()), f"{observed('GEN-065')}/h:value/@code='9571008'")
    assert holds(built(bare_discharge()), f"{observed('GEN-065')}/h:value/@code='385651009'")


# Code of TA_ASIP → its template under F.3.48, type, value: what the sample of the kind holds.
STATED = {
    "ORG-070": ("6", "CE", None),
    "ORG-074": ("7", "CE", None),
    "MED-142": ("9", "ST", None),
    "MED-143": ("3", "ST", None),
    "MED-309": ("8", "BL", "true"),
    "MED-144": ("5", "ST", None),
    "MED-145": ("10", "BL", "false"),
    "MED-146": ("1", "ST", None),
    "MED-147": ("2", "BL", "false"),
    "MED-148": ("4", "ST", None),
}


@pytest.mark.parametrize("code", STATED)
def test_what_the_law_wants_told_of_a_stay_has_its_template_and_type(code: str) -> None:
    own, typed, value = STATED[code]
    root = built(discharge())
    seen = of_templates(observed(code), f"{P}.4.13", f"{F3}.48", f"{F3}.48.{own}")
    stated = "" if value is None else f" and @value='{value}'"
    assert holds(root, f"{seen}/h:value[@x:type='{typed}'{stated}]")


def test_what_nobody_said_of_the_stay_is_not_written() -> None:
    root = built(bare_discharge())
    assert holds(root, f"count({EVENTS}/h:entry)=2")
    assert holds(root, f"count({EVENTS}/h:text//h:tr)=2")


def test_people_read_yes_and_no_and_the_days_of_the_stay() -> None:
    cells = built(discharge()).xpath(f"{EVENTS}/h:text//h:td", namespaces=NS)
    words = ["".join(cell.itertext()) for cell in cells]
    assert words[:2] == ["Modalité d'entrée", "20/02/2026, transfert d'un(e) patient(e)"]
    assert words[words.index("Transfusion de produits sanguins") + 1] == "Non"
    assert "Oui" in words
