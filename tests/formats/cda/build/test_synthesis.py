"""The medical synthesis: the reference's row of its sections, clause by clause."""

from __future__ import annotations

import pytest

from carnet.formats.cda.build import Absence
from tests.formats.cda.build.care_samples import bare_synthesis, synthesis
from tests.formats.cda.build.clauses import CCD as C
from tests.formats.cda.build.clauses import ENTRY as F3
from tests.formats.cda.build.clauses import PCC as P
from tests.formats.cda.build.clauses import SECTION as F2
from tests.formats.cda.build.clauses import of_templates
from tests.formats.cda.build.header_samples import built, holds

BODY = "h:component/h:structuredBody/h:component/h:section"
CONCLUSIONS = f"{BODY}[h:code/@code='46612-8']"
CLINICAL = f"{CONCLUSIONS}/h:component/h:section[h:code/@code='34117-2']"
PROBLEMS = f"{CLINICAL}/h:component/h:section[h:code/@code='11450-4']"
HISTORY = f"{CLINICAL}/h:component/h:section[h:code/@code='11348-0']"
ALLERGIES = f"{CLINICAL}/h:component/h:section[h:code/@code='48765-2']"
RISKS = f"{CONCLUSIONS}/h:component/h:section[h:code/@code='57207-3']"
PLAN = f"{BODY}[h:code/@code='18776-5']"
TREATMENTS = f"{PLAN}/h:component/h:section[h:code/@code='10160-0']"
PROBLEM = f"{PROBLEMS}/h:entry[1]/h:act"
PAST = f"{HISTORY}/h:entry[1]/h:act"
ALLERGY = f"{ALLERGIES}/h:entry[1]/h:act"
SEEN = "/h:entryRelationship[@typeCode='SUBJ']/h:observation"


CLAUSES = {
    "SYNTH Synthèse, 1.2.250.1.213.1.1.4.12": (
        "h:code[@code='SYNTH' and @displayName='Synthèse' and @codeSystem='1.2.250.1.213.1.1.4.12']"
    ),
    "F.1.13^2023.01": (
        "count(h:templateId)=3 and "
        "h:templateId[3][@root='1.2.250.1.213.1.1.1.13' and @extension='2023.01']"
    ),
    "main act 34117-2 Historique et clinique, codeSystemName LOINC": (
        "h:documentationOf[1]/h:serviceEvent/h:code[@code='34117-2' and "
        "@displayName='Historique et clinique' and @codeSystemName='LOINC']"
    ),
    "F.2.29 46612-8": of_templates(CONCLUSIONS, f"{F2}.29"),
    "F.2.30 34117-2 in F.2.29": of_templates(CLINICAL, f"{F2}.30"),
    "C.1.11+P.3.6+F.2.132 11450-4 problems in F.2.30": of_templates(
        PROBLEMS, f"{C}.1.11", f"{P}.3.6", f"{F2}.132"
    ),
    "P.3.8+F.2.134 11348-0 history in F.2.30": of_templates(HISTORY, f"{P}.3.8", f"{F2}.134"),
    "C.1.2+P.3.13+F.2.137 48765-2 allergies in F.2.30": of_templates(
        ALLERGIES, f"{C}.1.2", f"{P}.3.13", f"{F2}.137"
    ),
    "F.2.31 57207-3 risks in F.2.29": of_templates(RISKS, f"{F2}.31"),
    "P.3.27+F.2.150 30954-2": of_templates(
        f"{BODY}[h:code/@code='30954-2']", f"{P}.3.27", f"{F2}.150"
    ),
    "F.2.32 18776-5": of_templates(PLAN, f"{F2}.32"),
    "C.1.8+P.3.19+F.2.143 10160-0 medication in F.2.32": of_templates(
        TREATMENTS, f"{C}.1.8", f"{P}.3.19", f"{F2}.143"
    ),
    "F.2.29 to F.2.32: one id each": " and ".join(
        f"count({path}/h:id[@root])=1" for path in (CONCLUSIONS, CLINICAL, RISKS, PLAN)
    ),
    "F.2.29 to F.2.32: text where there is no sub-section": (
        f"{RISKS}[h:text and not(h:component)] and {CONCLUSIONS}[h:component and not(h:text)] and "
        f"{CLINICAL}[h:component and not(h:text)] and {PLAN}[h:component and not(h:text)]"
    ),
    "Problem: act C.1.27+P.4.5.1+P.4.5.2+F.3.39": of_templates(
        PROBLEM, f"{C}.1.27", f"{P}.4.5.1", f"{P}.4.5.2", f"{F3}.39"
    ),
    "Problem: null NA": f"{PROBLEM}/h:code[@nullFlavor='NA' and not(@code)]",
    "Problem: active (low)": (
        f"{PROBLEM}[h:statusCode/@code='active' and h:effectiveTime/h:low/@value='20200110' and "
        "not(h:effectiveTime/h:high)]"
    ),
    "Problem: or completed (low, high)": (
        f"{PAST}[h:statusCode/@code='completed' and h:effectiveTime/h:low/@value='1998' and "
        "h:effectiveTime/h:high/@value='1998']"
    ),
    "Problem: SUBJ C.1.28+P.4.5+F.3.37": of_templates(
        f"{PROBLEM}{SEEN}", f"{C}.1.28", f"{P}.4.5", f"{F3}.37"
    ),
    "Problem: SCT 282291009": (
        f"{PROBLEM}{SEEN}/h:code[@code='282291009' and @codeSystem='2.16.840.1.113883.6.96']"
    ),
    "Problem: or 55607006": f"{PROBLEMS}/h:entry[2]/h:act{SEEN}/h:code/@code='55607006'",
    "Problem: low": f"{PROBLEM}{SEEN}/h:effectiveTime/h:low/@value='20200110'",
    "Problem: value CD CIM-10": (
        f"{PROBLEM}{SEEN}/h:value[@x:type='CD' and @code='E11' and "
        "@codeSystem='2.16.840.1.113883.6.3']"
    ),
    "Problem: value + originalText": (
        f"{PROBLEM}{SEEN}/h:value/h:originalText/h:reference/@value='#problem-0'"
    ),
    "Allergy: act P.4.5.3+F.3.40": of_templates(
        ALLERGY, f"{C}.1.27", f"{P}.4.5.1", f"{P}.4.5.3", f"{F3}.40"
    ),
    "Allergy: C.1.18+C.1.28+P.4.5+P.4.6+F.3.41": of_templates(
        f"{ALLERGY}{SEEN}", f"{C}.1.18", f"{C}.1.28", f"{P}.4.5", f"{P}.4.6", f"{F3}.41"
    ),
    "Allergy: SCT 416098002": (
        f"{ALLERGY}{SEEN}/h:code[@code='416098002' and @codeSystem='2.16.840.1.113883.6.96']"
    ),
    "Medication: C.1.24+P.4.7+F.3.42+P.4.7.1": of_templates(
        f"{TREATMENTS}/h:entry[1]/h:substanceAdministration",
        f"{C}.1.24",
        f"{P}.4.7",
        f"{F3}.42",
        f"{P}.4.7.1",
    ),
}


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_of_the_synthesis_row_holds(clause: str) -> None:
    assert holds(built(synthesis()), CLAUSES[clause]), clause


def test_the_top_level_has_three_sections_in_their_order() -> None:
    codes = built(synthesis()).xpath(f"{BODY}/h:code/@code", namespaces={"h": "urn:hl7-org:v3"})
    assert codes == ["46612-8", "30954-2", "18776-5"]


def test_a_problem_without_code_is_named_by_its_words() -> None:
    seen = f"{PROBLEMS}/h:entry[2]/h:act{SEEN}"
    root = built(synthesis())
    assert holds(root, f"{seen}/h:value[@nullFlavor='UNK' and not(@code)]/h:originalText")
    assert holds(root, f"{seen}/h:effectiveTime/h:low/@nullFlavor='UNK'")
    assert holds(root, f"{PROBLEMS}/h:text//h:content[@ID='problem-1']='Fatigue inexpliquée'")


def test_a_problem_of_the_past_has_an_end_even_if_nobody_knows_when() -> None:
    past = synthesis(history=synthesis().body.problems)  # type: ignore[union-attr]  # a synthesis
    assert holds(built(past), f"{PAST}/h:effectiveTime/h:high/@nullFlavor='UNK'")


def test_an_allergy_names_its_agent_by_code_or_by_words() -> None:
    agent = "/h:participant[@typeCode='CSM']/h:participantRole/h:playingEntity"
    root = built(synthesis())
    assert holds(root, f"{ALLERGY}{SEEN}{agent}[h:code/@code='J01C' and h:name='Pénicilline']")
    other = f"{ALLERGIES}/h:entry[2]/h:act"
    assert holds(root, f"{other}{SEEN}{agent}[h:code/@nullFlavor='UNK' and h:name='Noisettes']")
    assert holds(root, f"{ALLERGY}/h:statusCode/@code='active'")
    assert holds(root, f"{other}[h:statusCode/@code='completed']/h:effectiveTime/h:high")


def test_an_empty_list_says_by_a_code_that_nothing_is_said() -> None:
    root = built(bare_synthesis())
    for section, code in (
        (PROBLEMS, "no-problem-info"),
        (HISTORY, "no-problem-info"),
        (ALLERGIES, "no-allergy-info"),
    ):
        assert holds(root, f"{section}/h:entry/h:act{SEEN}/h:value/@code='{code}'")
        assert holds(root, f"{section}/h:entry/h:act/h:statusCode/@code='completed'")
    treatment = f"{TREATMENTS}/h:entry/h:substanceAdministration"
    assert holds(root, f"{treatment}/h:code/@code='no-medication-info'")
    assert holds(root, f"{treatment}//h:manufacturedMaterial[h:code/@nullFlavor='NA']")


def test_an_empty_list_may_say_that_nothing_is_known_to_be_there() -> None:
    none = Absence.NONE_KNOWN
    root = built(synthesis(problems=none, history=none, allergies=none, treatments=none))
    assert holds(root, f"{PROBLEMS}/h:entry/h:act{SEEN}[@negationInd='true']")
    assert holds(root, f"{PROBLEMS}//h:value/@code='no-known-problems'")
    assert holds(root, f"{ALLERGIES}//h:value/@code='no-known-allergies'")
    assert holds(root, f"{ALLERGIES}/h:entry/h:act{SEEN}[@negationInd='false']")
    assert holds(root, f"{TREATMENTS}//h:code/@code='no-known-medications'")


def test_risks_and_vigilance_are_sentences() -> None:
    root = built(synthesis())
    assert holds(root, f"{RISKS}/h:text/h:paragraph[1]='Tabac : 10 paquets-années'")
    assert holds(root, f"count({RISKS}/h:text/h:paragraph)=2")
    bare = built(bare_synthesis())
    assert holds(bare, f'{RISKS}/h:text/h:paragraph="Pas d\'information"')
