"""Laboratory results, isolates and the other observations."""

from __future__ import annotations

from carnet.record.facts import Analysis, Fact, Kind, Quantity, Words
from tests.formats.cda.facts.documents import LOINC, SNOMED, F, observation, only, read, section

MEASURE = '<value xsi:type="PQ" value="5" unit="g/L"/>'
LABORATORY = (
    "<performer><assignedEntity><representedOrganization><name>LABO ESSAI</name>"
    "</representedOrganization></assignedEntity></performer>"
)


def chapter(*inside: str, extra: str = LABORATORY) -> str:
    links = "".join(f'<entryRelationship typeCode="COMP">{i}</entryRelationship>' for i in inside)
    return f'<act classCode="ACT" moodCode="EVN"><code code="18719-5"/>{extra}{links}</act>'


def organizer(template: str, *inside: str, kind: str = "BATTERY", extra: str = "") -> str:
    members = "".join(f"<component>{each}</component>" for each in inside)
    return (
        f'<organizer classCode="{kind}" moodCode="EVN"><templateId root="{F}.{template}"/>'
        f"{extra}{members}</organizer>"
    )


def analysis(fact: Fact) -> Analysis:
    assert isinstance(fact.details, Analysis)
    return fact.details


def test_a_result_knows_its_battery_laboratory_method_and_specimen() -> None:
    sampling = (
        f'<procedure classCode="PROC" moodCode="EVN"><templateId root="{F}.77"/><code code="9050"'
        ' codeSystem="1.2"/><participant typeCode="PRD"><participantRole><playingEntity>'
        '<code code="BLD" codeSystem="1.3" displayName="Sang"/></playingEntity>'
        "</participantRole></participant></procedure>"
    )
    method = '<methodCode code="DC" codeSystem="1.2" displayName="Cytométrie"/>'
    name = f'<code code="58410-2" codeSystem="{LOINC}" displayName="Hémogramme"/>'
    battery = organizer("78", observation("80", "718-7", MEASURE, method), extra=name)
    sampled, fact = read(section("18723-7", chapter(sampling, battery))).facts
    assert sampled.kind is Kind.PROCEDURE
    details = analysis(fact)
    assert [each.label for each in details.batteries] == ["Hémogramme"]
    assert details.laboratory == "LABO ESSAI"
    assert details.specimen is not None
    assert details.specimen.label == "Sang"
    assert details.method is not None
    assert details.method.label == "Cytométrie"


def test_an_earlier_result_is_a_fact_of_its_own() -> None:
    earlier = (
        f'<observation classCode="OBS" moodCode="EVN"><code code="718-7" codeSystem="{LOINC}"/>'
        f'<effectiveTime value="20200912"/>{MEASURE}</observation>'
    )
    linked = f'<entryRelationship typeCode="REFR">{earlier}</entryRelationship>'
    today, before = read(
        section("18723-7", chapter(observation("80", "718-7", MEASURE, linked)))
    ).facts
    assert (today.kind, before.kind) == (Kind.RESULT, Kind.RESULT)
    assert before.when.start == "2020-09-12"


def test_a_germ_is_a_result_and_its_antibiogram_is_about_it() -> None:
    germ = (
        '<specimen><specimenRole><specimenPlayingEntity classCode="MIC">'
        f'<code code="112283007" codeSystem="{SNOMED}" displayName="E. coli"/>'
        "</specimenPlayingEntity></specimenRole></specimen>"
    )
    tried = observation("80", "18928-2", MEASURE, '<interpretationCode code="S" codeSystem="1.2"/>')
    antibiogram = organizer("78", tried, extra=f'<code code="18769-0" codeSystem="{LOINC}"/>')
    isolate = organizer("79", antibiogram, kind="CLUSTER", extra=germ)
    found, answer = read(section("18725-2", chapter(isolate))).facts
    assert found.value == analysis(found).isolate == analysis(answer).isolate
    assert [each.codes[0].code for each in answer.interpretation] == ["S"]
    assert analysis(answer).batteries[0].codes[0].code == "18769-0"


def test_a_result_without_code_is_known_by_its_translation_or_its_words() -> None:
    local = (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{F}.80"/><code>'
        '<translation code="CRP" codeSystem="1.2.3" displayName="CRP"/></code>'
        f"{MEASURE}</observation>"
    )
    words = (
        f'<observation classCode="OBS" moodCode="EVN"><templateId root="{F}.80"/>'
        f'<code nullFlavor="UNK"><originalText>CRP</originalText></code>{MEASURE}</observation>'
    )
    first, second = read(section("18719-5", chapter(local, words))).facts
    assert (first.what.label, second.what.label) == ("CRP", "CRP")
    assert second.what.null == "UNK"


def test_a_result_that_was_aborted_is_kept_without_value() -> None:
    fact = only(
        section("18719-5", chapter(observation("80", "1-8", '<statusCode code="aborted"/>')))
    )
    assert (fact.value, fact.status) == (None, "aborted")


def test_without_templates_the_structure_decides() -> None:
    bare = (
        f'<observation classCode="OBS"><code code="1-8" codeSystem="{LOINC}"/>'
        f"{MEASURE}</observation>"
    )
    kinds = {
        code: only(section(code, bare)).kind
        for code in ("8716-3", "18719-5", "29762-2", "10162-6", "30954-2")
    }
    assert kinds == {
        "8716-3": Kind.VITAL,
        "18719-5": Kind.RESULT,
        "29762-2": Kind.OBSERVATION,
        "10162-6": Kind.PREGNANCY,
        "30954-2": Kind.OBSERVATION,
    }


def answered(value: str, template: str = "48") -> Fact:
    return only(section("42545-4", observation(template, "1-8", value)))


def test_an_answer_of_no_negates_and_a_wish_does_not() -> None:
    no = '<value xsi:type="BL" value="false"/>'
    assert answered(no).negated
    assert answered('<value xsi:type="ST">Aucun.</value>').negated
    assert not answered('<value xsi:type="ST">Aucun le matin</value>').negated
    assert not answered(no, template="54").negated
    assert answered(no).value == Words("false")


def test_what_is_on_the_document_and_not_on_health_is_no_fact() -> None:
    status = observation("48.16", "GEN-065", '<value xsi:type="BL" value="true"/>')
    encounter = '<encounter classCode="ENC" moodCode="EVN"><code code="AMB"/></encounter>'
    file = f'<organizer classCode="CLUSTER"><templateId root="{F}.18"/></organizer>'
    note = f'<act classCode="ACT"><templateId root="{F}.32"/><text>vu</text></act>'
    empty = '<value xsi:type="ST">(texte libre)</value>'
    facts = read(section("1", status, encounter, file, note, observation("48", "1-8", empty)))
    assert facts.facts == ()
    assert [one.reason for one in facts.unread] == [
        "administrative",
        "administrative",
        "attachment",
        "comment",
        "placeholder",
    ]


def test_the_children_of_a_pregnancy_are_told_apart_from_their_mother() -> None:
    child = (
        '<subject><relatedSubject><code code="CHILD" codeSystem="1.2" displayName="Enfant"/>'
        '<subject><administrativeGenderCode code="M" codeSystem="1.3"/>'
        '<birthTime value="20000911"/></subject></relatedSubject></subject>'
    )
    weight = observation("53", "8339-4", '<value xsi:type="PQ" value="3200" unit="g"/>')
    birth = organizer("56", weight, kind="CLUSTER", extra=child)
    dates = (
        '<code code="118185001" codeSystem="1.2"/>'
        '<effectiveTime><low value="2000"/></effectiveTime>'
    )
    pregnancy, sex, born, weighed = read(
        section("10162-6", organizer("55", birth, kind="CLUSTER", extra=dates))
    ).facts
    assert (pregnancy.subject, pregnancy.when.start) == (None, "2000")
    assert {sex.kind, born.kind, weighed.kind} == {Kind.PREGNANCY}
    assert all(one.subject is not None for one in (sex, born, weighed))
    assert weighed.value == Quantity("3200", "g")
