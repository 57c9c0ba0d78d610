"""Problems, allergies and diseases of relatives."""

from __future__ import annotations

import pytest

from carnet.record.facts import Allergy, Code, Kind, Problem, Relative
from tests.formats.cda.facts.documents import CIM10, SNOMED, F, observation, only, read, section

ANGINA = f'<value xsi:type="CD" code="I20.0" codeSystem="{CIM10}" displayName="Angine"/>'


def coded(template: str, code: str, display: str = "") -> str:
    """A nested observation that only tells an attribute."""
    value = f'<value xsi:type="CD" code="{code}" codeSystem="1.2" displayName="{display}"/>'
    inside = observation(template, "1-8", value)
    return f'<entryRelationship typeCode="SUBJ">{inside}</entryRelationship>'


def concern(*inside: str, template: str = "39", extra: str = "") -> str:
    """An act around observations."""
    links = "".join(
        f'<entryRelationship typeCode="SUBJ">{each}</entryRelationship>' for each in inside
    )
    return (
        f'<act classCode="ACT" moodCode="EVN"><templateId root="{F}.{template}"/>'
        f'<code nullFlavor="NA"/><effectiveTime><low value="2021"/></effectiveTime>{extra}{links}'
        "</act>"
    )


def test_a_problem_is_its_value_and_its_attributes_are_folded() -> None:
    comment = (
        '<entryRelationship typeCode="SUBJ"><act classCode="ACT" moodCode="EVN">'
        f'<templateId root="{F}.32"/><text>à revoir</text></act></entryRelationship>'
    )
    attributes = (
        coded("29", "M", "modéré"),
        coded("30", "active", "Actif"),
        coded("171", "confirmed", "Confirmé"),
    )
    problem = observation("37", "1-8", ANGINA, *attributes, comment)
    fact = only(section("11450-4", concern(problem)))
    assert fact.kind is Kind.PROBLEM
    assert fact.what.codes == (Code(CIM10, "I20.0", "Angine"),)
    assert (fact.around.start, fact.comment) == ("2021", "à revoir")
    assert isinstance(fact.details, Problem)
    told = (fact.details.severity, fact.details.clinical_status, fact.details.certainty)
    assert [each.label for each in told if each is not None] == ["modéré", "Actif", "Confirmé"]


def test_every_problem_of_one_concern_is_a_fact_of_its_own() -> None:
    both = concern(observation("37", "1-8", ANGINA), observation("37", "1-8", ANGINA))
    assert len(read(section("11450-4", both)).facts) == 2


def test_negation_is_what_the_entry_says() -> None:
    denied = observation("37", "1-8", ANGINA, negated=True)
    assert only(section("11450-4", concern(denied))).negated
    none = '<value xsi:type="CD" code="no-known-problems" codeSystem="2.16.840.1.113883.5.1150.1"/>'
    assert only(section("11450-4", concern(observation("37", "1-8", none)))).negated


def test_no_information_is_no_fact() -> None:
    unknown = (
        '<value xsi:type="CD" code="no-problem-info" codeSystem="2.16.840.1.113883.5.1150.1"/>'
    )
    facts = read(section("11450-4", concern(observation("37", "1-8", unknown))))
    assert facts.facts == ()
    assert [one.reason for one in facts.unread] == ["no-information"]


def test_a_disease_of_the_fetus_is_not_the_mothers() -> None:
    child = (
        '<subject><relatedSubject classCode="PRS"><code code="CHILD" displayName="Enfant"'
        ' codeSystem="2.16.840.1.113883.5.111"/></relatedSubject></subject>'
    )
    problem = observation("37", "1-8", ANGINA)
    own, other = read(section("11450-4", concern(problem), concern(problem, extra=child))).facts
    assert own.subject is None
    assert other.subject is not None
    assert other.subject.label == "Enfant"


@pytest.mark.parametrize(("answer", "negated"), [("false", True), ("true", False)])
def test_a_disease_that_is_asked_about_is_a_problem(answer: str, negated: bool) -> None:
    asked = (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{F}.48"/>'
        f'<code code="O72" codeSystem="{CIM10}" displayName="Hémorragie"/>'
        f'<value xsi:type="BL" value="{answer}"/></observation>'
    )
    fact = only(section("42545-4", asked))
    assert (fact.kind, fact.what.label, fact.negated) == (Kind.PROBLEM, "Hémorragie", negated)


def test_a_finding_without_a_disease_is_an_observation() -> None:
    urine = (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{F}.37"/>'
        f'<code code="404684003" codeSystem="{SNOMED}"/>'
        '<value xsi:type="CD" code="MED-1172" codeSystem="1.2.250.1.213.1.1.4.322"/></observation>'
    )
    assert only(section("10210-3", urine)).kind is Kind.OBSERVATION


def allergy(*inside: str) -> str:
    return concern(observation("41", "1-8", *inside), template="40")


AGENT = (
    '<participant typeCode="CSM"><participantRole><playingEntity>'
    '<code code="N02BE01" codeSystem="2.16.840.1.113883.6.73" displayName="paracétamol"/>'
    "</playingEntity></participantRole></participant>"
)


def test_an_allergy_is_its_agent_and_reactions_are_folded() -> None:
    rash = observation("37", "1-8", ANGINA, coded("29", "S", "sévère"))
    reaction = f'<entryRelationship typeCode="MFST">{rash}</entryRelationship>'
    fact = only(section("48765-2", allergy(AGENT, reaction)))
    assert (fact.kind, fact.what.label) == (Kind.ALLERGY, "paracétamol")
    assert isinstance(fact.details, Allergy)
    assert [each.label for each in fact.details.reactions] == ["Angine"]
    assert fact.details.severity is not None
    assert fact.details.severity.label == "sévère"


def test_an_allergy_without_agent_is_its_value() -> None:
    fact = only(section("48765-2", allergy(ANGINA)))
    assert (fact.what.label, fact.value) == ("Angine", None)


def test_an_allergy_that_names_nothing_is_no_fact() -> None:
    """A type alone ("drug allergy") with an empty value is how some say that there is none."""
    empty = '<value xsi:type="CD"><originalText><reference value="#rien"/></originalText></value>'
    facts = read(section("48765-2", allergy(empty)))
    assert (facts.facts, [one.reason for one in facts.unread]) == ((), ["nothing-said"])


def test_a_reaction_that_is_denied_is_not_told() -> None:
    rash = observation("37", "1-8", ANGINA, negated=True)
    reaction = f'<entryRelationship typeCode="MFST">{rash}</entryRelationship>'
    fact = only(section("48765-2", allergy(AGENT, reaction)))
    assert isinstance(fact.details, Allergy)
    assert (fact.negated, fact.details.reactions) == (False, ())


def test_a_disease_of_a_relative_tells_whose_it_is() -> None:
    relative = (
        f'<organizer classCode="CLUSTER" moodCode="EVN"><templateId root="{F}.59"/><subject>'
        '<relatedSubject><code code="FTH" displayName="Père" codeSystem="1.2"/></relatedSubject>'
        f"</subject><component>{observation('51', '1-8', ANGINA)}</component></organizer>"
    )
    fact = only(section("10157-6", relative))
    assert (fact.kind, fact.what.label, fact.subject) == (Kind.FAMILY, "Angine", None)
    assert isinstance(fact.details, Relative)
    assert fact.details.relation is not None
    assert fact.details.relation.label == "Père"
