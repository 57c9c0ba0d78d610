"""Treatments: stated, prescribed, given, dispensed; vaccinations; devices; acts."""

from __future__ import annotations

import pytest

from carnet.record.facts import (
    Act,
    Code,
    Fact,
    Immunization,
    Kind,
    Medication,
    Quantity,
    Ratio,
    Stage,
    When,
)
from tests.formats.cda.facts.documents import F, observation, only, read, section

CIS, CIP, ATC = "1.2.250.1.213.2.3.1", "1.2.250.1.213.2.3.2", "2.16.840.1.113883.6.73"
PRODUCT = (
    "<manufacturedProduct><manufacturedMaterial>"
    f'<code code="60001" codeSystem="{CIS}" displayName="ESSAI 5 mg">'
    f'<translation code="34009" codeSystem="{CIP}"/></code><name>ESSAI 5 mg, comprimé</name>'
    '<pharm:formCode code="1" codeSystem="0.4" displayName="Comprimé"/>'
    "<lotNumberText> L42 </lotNumberText>"
    "<pharm:asSpecializedKind><pharm:generalizedMedicineClass>"
    f'<pharm:code code="A01" codeSystem="{ATC}" displayName="essai"/>'
    "</pharm:generalizedMedicineClass></pharm:asSpecializedKind>"
    "</manufacturedMaterial></manufacturedProduct>"
)
NOTHING = (
    "<consumable><manufacturedProduct><manufacturedMaterial><code nullFlavor='NA'/>"
    "</manufacturedMaterial></manufacturedProduct></consumable>"
)
PERIOD = (
    '<effectiveTime xsi:type="PIVL_TS" operator="A"><period value="8" unit="h"/></effectiveTime>'
)
MOST = '<numerator value="4"/><denominator value="1" unit="d"/>'
DOSE = '<doseQuantity><low value="1"/><high value="2"/></doseQuantity>'


def treatment(*inside: str, template: str = "42", mood: str = "EVN") -> str:
    return (
        f'<substanceAdministration classCode="SBADM" moodCode="{mood}">'
        f'<templateId root="{F}.{template}"/>{"".join(inside)}</substanceAdministration>'
    )


def given(code: str, *inside: str, title: str = "Titre", mood: str = "EVN") -> Fact:
    made = treatment(*inside, f"<consumable>{PRODUCT}</consumable>", mood=mood)
    return only(section(code, made, title=title))


def link(inside: str, kind: str = "COMP") -> str:
    return f'<entryRelationship typeCode="{kind}">{inside}</entryRelationship>'


def test_a_product_is_its_code_with_those_of_its_package_and_class_behind() -> None:
    fact = given("10160-0")
    assert [code.code for code in fact.what.codes] == ["60001", "34009", "A01"]
    assert (fact.what.text, fact.what.label) == ("ESSAI 5 mg, comprimé", "ESSAI 5 mg")
    assert isinstance(fact.details, Medication)
    assert fact.details.lot == "L42"
    assert fact.details.form is not None
    assert fact.details.form.label == "Comprimé"


@pytest.mark.parametrize(
    ("code", "title", "mood", "stage"),
    [
        ("10160-0", "Traitements", "EVN", Stage.CURRENT),
        ("42346-7", "Traitements à l'admission", "EVN", Stage.ADMISSION),
        ("10183-2", "Ordonnance de sortie", "INT", Stage.DISCHARGE),
        ("18610-6", "Traitements administrés", "EVN", Stage.ADMINISTERED),
        ("18610-6", "Traitements arrêtés durant le séjour", "EVN", Stage.STOPPED),
        ("57828-6", "Prescriptions", "INT", Stage.PRESCRIBED),
        ("18776-5", "Plan de soins", "INT", Stage.PRESCRIBED),
        ("99999-9", "Autre", "INT", Stage.PRESCRIBED),
        ("99999-9", "Autre", "EVN", Stage.ADMINISTERED),
    ],
)
def test_the_section_tells_the_stage(code: str, title: str, mood: str, stage: Stage) -> None:
    assert given(code, title=title, mood=mood).stage is stage


def test_partial_doses_are_doses_of_one_line() -> None:
    when = '<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS"><low value="{day}"/>'
    when += '<width value="2" unit="d"/></comp><comp xsi:type="PIVL_TS"><period value="{hours}"'
    when += ' unit="h"/></comp></effectiveTime>'
    parts = [
        link(
            treatment(when.format(day=day, hours=hours), DOSE, NOTHING, template="83.1", mood="INT")
        )
        for day, hours in (("20231201", "8"), ("20231203", "12"))
    ]
    fact = given("57828-6", *parts, mood="INT")
    assert isinstance(fact.details, Medication)
    first, second = fact.details.doses
    assert (first.when, second.when) == (When("2023-12-01"), When("2023-12-03"))
    assert (first.every, second.every) == (Quantity("8", "h"), Quantity("12", "h"))
    assert first.duration == Quantity("2", "d")


def test_a_line_tells_renewals_quantity_mentions_conditions_and_the_most_a_day() -> None:
    supply = '<supply classCode="SPLY" moodCode="RQO"><quantity value="3" unit="1"/></supply>'
    kept = f'<act classCode="ACT" moodCode="DEF"><templateId root="{F}.87"/><code code="N"/></act>'
    yes = observation("48.13", "MED-574", '<value xsi:type="BL" value="true"/>')
    no = observation("48.14", "GEN-180", '<value xsi:type="BL" value="false"/>')
    condition = "<precondition><criterion><text>si douleur</text></criterion></precondition>"
    fact = given(
        "57828-6",
        '<repeatNumber value="2"/>',
        PERIOD,
        DOSE,
        f"<maxDoseQuantity>{MOST}</maxDoseQuantity>",
        *map(link, (supply, kept, yes, no)),
        condition,
        mood="INT",
    )
    details = fact.details
    assert isinstance(details, Medication)
    assert (details.renewals, details.quantity) == ("2", Quantity("3", "1"))
    mentioned = [code.code for each in details.mentions for code in each.codes]
    assert mentioned == ["N", "MED-574"]
    assert details.conditions == ("si douleur",)
    assert details.maximum == Ratio(Quantity("4"), Quantity("1", "d"))
    assert fact.stage is Stage.PRESCRIBED


def test_what_was_dispensed_tells_its_lot_quantity_and_the_dates_of_its_dosing() -> None:
    dosing = treatment(
        '<effectiveTime xsi:type="IVL_TS"><low value="20230125"/><high value="20230127"/>'
        "</effectiveTime>",
        DOSE,
        NOTHING,
        mood="INT",
    )
    item = treatment("<code code='PREItem' codeSystem='1.2'/>", NOTHING, template="90", mood="INT")
    supply = (
        f'<supply classCode="SPLY" moodCode="EVN"><templateId root="{F}.204"/>'
        f'<quantity value="2" unit="30009000"/><product>{PRODUCT}</product>'
        f"{link(item, 'REFR')}{link(dosing)}</supply>"
    )
    fact = only(section("60590-7", supply))
    assert (fact.stage, fact.when) == (Stage.DISPENSED, When("2023-01-25", "2023-01-27"))
    assert isinstance(fact.details, Medication)
    assert (fact.details.lot, fact.details.quantity) == ("L42", Quantity("2", "30009000"))
    assert len(fact.details.doses) == 1


def vaccine(*inside: str, negated: bool = False, mood: str = "EVN", template: str = "45") -> Fact:
    made = (
        f'<substanceAdministration moodCode="{mood}" negationInd="{str(negated).lower()}">'
        f'<templateId root="{F}.{template}"/><code code="BOOSTER" codeSystem="1.2"/>'
        f'<effectiveTime value="20210409"/><doseQuantity value="1"/>'
        f"<consumable>{PRODUCT}</consumable>{''.join(inside)}</substanceAdministration>"
    )
    return only(section("11369-6", made))


def test_a_vaccination_tells_its_rank_lot_and_reactions() -> None:
    rank = link(observation("82", "30973-2", '<value xsi:type="INT" value="2"/>'), "SUBJ")
    fever = '<value xsi:type="CD" code="R50.2" codeSystem="1.2" displayName="Fièvre"/>'
    fact = vaccine(rank, link(observation("37", "1-8", fever), "CAUS"))
    assert (fact.kind, fact.when.start, fact.stage) == (Kind.IMMUNIZATION, "2021-04-09", None)
    details = fact.details
    assert isinstance(details, Immunization)
    assert (details.rank, details.lot, details.dose) == ("2", "L42", Quantity("1"))
    assert [each.label for each in details.reactions] == ["Fièvre"]


def test_a_vaccination_may_be_refused_or_planned() -> None:
    assert vaccine(negated=True).negated
    assert vaccine(mood="INT", template="47").stage is Stage.PLANNED


def device(*inside: str, mood: str = "EVN") -> Fact:
    made = (
        f'<supply classCode="SPLY" moodCode="{mood}"><templateId root="{F}.20"/>'
        '<participant typeCode="DEV"><participantRole><id root="1.2" extension="UDI"/>'
        '<playingDevice><code code="J01" codeSystem="1.3" displayName="Stimulateur"/>'
        f"</playingDevice></participantRole></participant>{''.join(inside)}</supply>"
    )
    facts = read(section("46264-8", made)).facts
    return facts[0]


def test_a_device_is_what_takes_part_in_its_supply() -> None:
    fact = device()
    assert (fact.kind, fact.what.codes, fact.stage) == (
        Kind.DEVICE,
        (Code("1.3", "J01", "Stimulateur"),),
        None,
    )
    assert isinstance(fact.details, Act)
    assert fact.details.identifiers == ("1.2^UDI",)
    assert device(mood="INT").stage is Stage.PRESCRIBED


def procedure(mood: str, status: str, code: str = "47519-4") -> Fact:
    made = (
        f'<procedure classCode="PROC" moodCode="{mood}"><templateId root="{F}.62"/>'
        f'<code code="DDAF004" codeSystem="1.2"/><statusCode code="{status}"/></procedure>'
    )
    return only(section(code, made))


@pytest.mark.parametrize(
    ("mood", "status", "code", "stage"),
    [
        ("EVN", "completed", "47519-4", None),
        ("INT", "active", "18776-5", Stage.PLANNED),
        ("RQO", "active", "47519-4", Stage.PLANNED),
        ("EVN", "active", "18776-5", Stage.PLANNED),
        ("EVN", "completed", "18776-5", None),
    ],
)
def test_an_act_is_planned_where_its_mood_or_the_plan_says_so(
    mood: str, status: str, code: str, stage: Stage | None
) -> None:
    assert procedure(mood, status, code).stage is stage


def test_what_is_asked_for_is_a_planned_act_and_a_goal_is_no_measure() -> None:
    asked = only(section("18776-5", observation("27", "22748-8", mood="INT")))
    assert (asked.kind, asked.stage) == (Kind.PROCEDURE, Stage.PLANNED)
    value = '<value xsi:type="PQ" value="65" unit="kg"/>'
    goal = only(section("18776-5", observation("27", "29463-7", value, mood="GOL")))
    assert (goal.kind, goal.stage) == (Kind.OBSERVATION, Stage.PLANNED)
