"""What an observation is goes before where it stands; and questions that were left open."""

from __future__ import annotations

import pytest

from carnet.formats.cda.facts.codes import TA
from carnet.record.facts import Code, Fact, Kind, Medication, Stage, Words
from tests.formats.cda.facts.documents import CIM10, LOINC, SNOMED, F, observation, only, read
from tests.formats.cda.facts.documents import section as sectioned

PREGNANCIES, FOLLOW_UP = "10162-6", "57078-8"
KILOS = '<value xsi:type="PQ" value="58" unit="kg"/>'
FALSE = '<value xsi:type="BL" value="false"/>'
TRUE = '<value xsi:type="BL" value="true"/>'
CODED = f'<value xsi:type="CD" code="4061" codeSystem="{SNOMED}" displayName="négatif"/>'


def of(code: str, system: str, *inside: str, template: str = "48") -> str:
    """An observation whose code is of any system."""
    return observation(template, code, *inside).replace(LOINC, system, 1)


@pytest.mark.parametrize(
    ("template", "code", "value", "section", "kind"),
    [
        ("53", "8348-5", KILOS, PREGNANCIES, Kind.VITAL),
        ("53", "8302-2", KILOS, PREGNANCIES, Kind.VITAL),
        ("53", "11996-6", KILOS, PREGNANCIES, Kind.PREGNANCY),
        ("48", "51659-1", CODED, FOLLOW_UP, Kind.RESULT),
        ("53", "51659-1", CODED, PREGNANCIES, Kind.RESULT),
        ("48", "38386-9", CODED, FOLLOW_UP, Kind.PREGNANCY),
        ("48", "55281-0", KILOS, FOLLOW_UP, Kind.PREGNANCY),
    ],
)
def test_what_it_is_goes_before_where_it_stands(
    template: str, code: str, value: str, section: str, kind: Kind
) -> None:
    assert only(sectioned(section, observation(template, code, value))).kind is kind


@pytest.mark.parametrize(("code", "kind"), [("O82.9", Kind.PREGNANCY), ("O72", Kind.PROBLEM)])
def test_a_way_of_giving_birth_is_no_disease(code: str, kind: Kind) -> None:
    fact = only(sectioned(PREGNANCIES, of(code, CIM10, FALSE, template="53")))
    assert (fact.kind, fact.negated) == (kind, True)


def test_the_administration_of_an_antibiotic_is_an_act() -> None:
    assert only(sectioned("42545-4", of("68322007", SNOMED))).kind is Kind.PROCEDURE


def test_how_a_patient_is_transferred_is_administrative() -> None:
    for template in ("48", "53"):
        kept = read(sectioned(PREGNANCIES, of("ORG-081", TA, CODED, template=template)))
        assert (kept.facts, [one.reason for one in kept.unread]) == ((), ["administrative"])


def social(answer: str, pointer: str = "#q") -> str:
    """An element of a way of life: the question is the qualifier, the answer words."""
    question = f'<qualifier><name code="ORG-075" codeSystem="{TA}" displayName="Métier"/>'
    return (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{F}.52"/>'
        f'<code code="11345-6" codeSystem="{LOINC}">{question}</qualifier></code>'
        f'<text><reference value="{pointer}"/></text>{answer}</observation>'
    )


WORDS = '<value xsi:type="CD"><originalText><reference value="#q"/></originalText></value>'


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ('<td ID="q">Métier(s)</td><td>(texte libre)</td>', WORDS),
        ('<td ID="q">Métier</td><td>libraire</td>', WORDS),
        ('<td ID="q">Métier</td><td></td>', '<value xsi:type="CD" nullFlavor="UNK"/>'),
        ('<td>Métier</td><td ID="q">(texte libre)</td>', WORDS),
    ],
)
def test_a_question_without_an_answer_is_a_placeholder(cells: str, answer: str) -> None:
    text = f"<table><tr>{cells}</tr></table>"
    kept = read(sectioned("29762-2", social(answer), text=text))
    assert (kept.facts, [one.reason for one in kept.unread]) == ((), ["placeholder"])


@pytest.mark.parametrize(
    ("cells", "answer"),
    [
        ('<td>Métier</td><td ID="q">Libraire</td>', WORDS),
        ('<td ID="q">Libraire</td><td>-</td>', WORDS),
        ('<td ID="q">Métier</td><td>oui</td>', TRUE),
    ],
)
def test_a_question_with_an_answer_is_a_fact(cells: str, answer: str) -> None:
    text = f"<table><tr>{cells}</tr></table>"
    assert only(sectioned("29762-2", social(answer), text=text)).what.label == "Métier"


@pytest.mark.parametrize(
    ("words", "kept"), [("[Description de l'acte]", 0), ("(texte libre)", 0), ("Suture", 1)]
)
def test_another_act_is_none_where_no_words_tell_which(words: str, kept: int) -> None:
    act = (
        f'<procedure classCode="PROC" moodCode="EVN"><templateId root="{F}.62"/>'
        f'<code code="GEN-092.04.13" codeSystem="{TA}" displayName="Autre acte"/>'
        '<text><reference value="#a"/></text></procedure>'
    )
    text = f'<content ID="a">{words}</content>'
    assert len(read(sectioned("29554-3", act, text=text)).facts) == kept


def treated(answer: str, *, negated: bool = False) -> tuple[Fact, ...]:
    """A treatment with an observation that all treatments were stopped."""
    stop = of("MED-052", TA, '<text><reference value="#why"/></text>', answer)
    stop = stop.replace('moodCode="EVN"', 'moodCode="EVN" negationInd="true"') if negated else stop
    treatment = (
        f'<substanceAdministration classCode="SBADM" moodCode="EVN"><templateId root="{F}.42"/>'
        "<consumable><manufacturedProduct><manufacturedMaterial>"
        '<code code="1" codeSystem="1.2" displayName="ESSAI"/>'
        "</manufacturedMaterial></manufacturedProduct></consumable>"
        f'<entryRelationship typeCode="COMP">{stop}</entryRelationship></substanceAdministration>'
    )
    text = '<content ID="why">avant une opération</content>'
    return read(sectioned("10160-0", treatment, text=text)).facts


@pytest.mark.parametrize("answer", [TRUE, '<value xsi:type="ST">opération</value>', CODED])
def test_a_treatment_that_was_stopped_says_why(answer: str) -> None:
    (fact,) = treated(answer)
    assert isinstance(fact.details, Medication)
    assert fact.stage is Stage.STOPPED
    assert fact.comment.startswith("MED-052")
    assert fact.comment.endswith("avant une opération")


@pytest.mark.parametrize(("answer", "negated"), [(FALSE, False), (TRUE, True)])
def test_a_treatment_that_was_not_stopped_is_current(answer: str, negated: bool) -> None:
    treatment, stop = treated(answer, negated=negated)
    assert treatment.stage is Stage.CURRENT
    assert stop.negated


def examined(value: str, pointer: str = "#nowhere") -> str:
    """A finding that tells of an examination."""
    screening = f'<qualifier><name code="GEN-1" codeSystem="{TA}" displayName="Dépistage"/>'
    return (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{F}.37"/>'
        f'<code code="404684003" codeSystem="{SNOMED}">{screening}</qualifier></code>'
        f'<text><reference value="{pointer}"/></text>{value}</observation>'
    )


POINTER = '<value xsi:type="CD"><originalText><reference value="#nowhere"/></originalText></value>'
RESULT = '<content ID="there">Drépanocytose : négatif</content>'


def test_what_was_found_at_an_examination_is_an_observation() -> None:
    assert only(sectioned("10195-6", examined(CODED))).kind is Kind.OBSERVATION
    named = CODED.replace(SNOMED, CIM10)
    assert only(sectioned("10195-6", examined(named))).kind is Kind.PROBLEM


def test_the_only_words_are_those_of_the_only_entry() -> None:
    fact = only(sectioned("10210-3", examined(POINTER), text=RESULT))
    assert (fact.kind, fact.what.codes) == (Kind.OBSERVATION, (Code(TA, "GEN-1", "Dépistage"),))
    assert fact.value == Words("Drépanocytose : négatif")
    assert (fact.place.said, fact.place.said_id) == ("Drépanocytose : négatif", "there")


def test_words_are_not_guessed_among_several() -> None:
    two = f'{RESULT}<content ID="more">Autre</content>'
    screened = examined(POINTER)
    assert read(sectioned("10210-3", screened, text=two)).facts == ()
    assert read(sectioned("10210-3", screened, screened, text=RESULT)).facts == ()
    assert read(sectioned("10210-3", screened), sectioned("1-8", text=RESULT)).facts == ()
