"""The level 3 body of a letter at discharge (CI-SIS LDL-SES 2022.01)."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.discharge_model import DischargeBody, HospitalStay, LetterStatus
from carnet.formats.cda.build.kind import BodyKind, Ids
from carnet.formats.cda.build.narrative import Words, paragraphs, table, text
from carnet.formats.cda.build.oids import ACT_CODE, CCD, ENTRY, MODEL, PCC, SECTION, SNOMED, TA_ASIP
from carnet.formats.cda.build.problems import allergy_section
from carnet.formats.cda.build.sections import section, structured
from carnet.formats.cda.build.statements import coded_as, simple_observation, value_of
from carnet.formats.cda.build.treatments import treatment_section
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.wording import french_day
from carnet.formats.cda.build.xml import LOINC, code_attrs, element
from carnet.record.document import Code

_STATUS_LABELS = {
    LetterStatus.APPROVED: "approuvé",
    LetterStatus.IN_PROGRESS: "en cours d'exécution",
}
# Suffix of F.3.48, code of TA_ASIP and label of each observation of the stay, in their order.
_STAY = {
    "entry_mode": ("6", "ORG-070", "Modalité d'entrée"),
    "exit_mode": ("7", "ORG-074", "Modalité de sortie"),
    "summary": ("9", "MED-142", "Synthèse médicale"),
    "adverse_events": (
        "3",
        "MED-143",
        "Evènements indésirables survenus pendant l'hospitalisation",
    ),
    "resistant_looked_for": (
        "8",
        "MED-309",
        "Recherche de microorganismes multi-résistants ou émergents effectuée",
    ),
    "resistant_found": ("5", "MED-144", "Identification de micro-organismes multirésistants"),
    "transfusion": ("10", "MED-145", "Transfusion de produits sanguins"),
    "transfusion_accidents": ("1", "MED-146", "Accidents transfusionnels"),
    "blood_products": ("2", "MED-147", "Administration de dérivés du sang"),
    "blood_product_events": (
        "4",
        "MED-148",
        "Evènements indésirables suite à l'administration de dérivés du sang",
    ),
}

StayValue = Coded | str | bool


def _status(body: DischargeBody, ids: Ids) -> _Element:
    label = _STATUS_LABELS[body.status]
    observed = simple_observation(
        (f"{ENTRY}.48.16",),
        ids("status-observed"),
        Coded(Code(TA_ASIP, "GEN-065", "Statut du document")),
        "status-0",
        time=body.stay.exit,
        value=value_of(Code(SNOMED, body.status.value, label)),
    )
    return section(
        Code(LOINC, "33557-0", "Etat d'achèvement"),
        "Statut du document",
        ((f"{SECTION}.35", None), (f"{SECTION}.35.1", None)),
        identifier=ids("status"),
        narrative=paragraphs((label[:1].upper() + label[1:],), "status"),
        entries=(element("entry", observed),),
    )


def _reason(body: DischargeBody, ids: Ids) -> _Element:
    return section(
        Code(LOINC, "42349-1", "Raison de la recommandation"),
        "Motif de l'hospitalisation",
        ((f"{PCC}.3.1", None), (f"{SECTION}.127", None)),
        identifier=ids("reason"),
        narrative=paragraphs((body.reason,), "reason"),
    )


def _stated(stay: HospitalStay) -> list[tuple[str, StayValue]]:
    """The names in ``_STAY`` of what the stay states, with the values."""
    values: dict[str, StayValue | None] = {name: getattr(stay, name) for name in _STAY}
    return [(name, value) for name, value in values.items() if value is not None]


def _words(value: StayValue) -> str:
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    return value if isinstance(value, str) else value.words


def _row(name: str, value: StayValue, stay: HospitalStay) -> tuple[str | Words, ...]:
    """A line of the stay; the two modes have their day with them."""
    days = {"entry_mode": stay.entry, "exit_mode": stay.exit}
    day = f"{french_day(days[name])}, " if name in days else ""
    return _STAY[name][2], Words(f"{day}{_words(value)}", f"stay-{name}")


def _mode(mode: Coded, ref: str) -> _Element:
    """How the stay began or ended (CE, as in the sample); words where no code says it."""
    known = mode.code
    if known is None:
        return coded_as("value", mode, ref, typed="CE")
    return element("value", attrs={"xsi:type": "CE", **code_attrs(known)})


def _stay_entry(name: str, value: StayValue, stay: HospitalStay, ids: Ids) -> _Element:
    own, code, label = _STAY[name]
    ref = f"stay-{name}"
    observed = simple_observation(
        (f"{ENTRY}.48.{own}",),
        ids(ref),
        Coded(Code(TA_ASIP, code, label)),
        ref,
        time=stay.entry if name == "entry_mode" else stay.exit,
        value=_mode(value, ref) if isinstance(value, Coded) else value_of(value),
    )
    return element("entry", observed)


def _stay(body: DischargeBody, ids: Ids) -> _Element:
    stay = body.stay
    stated = _stated(stay)
    return section(
        Code(LOINC, "42545-4", "Evènements observés"),
        "Synthèse médicale du séjour",
        (
            (f"{PCC}.1.21.2.9", None),
            ("1.3.6.1.4.1.19376.1.7.3.1.1.13.7", None),
            (f"{SECTION}.163", None),
            (f"{SECTION}.163.1", None),
        ),
        identifier=ids("stay"),
        narrative=text(table((), (_row(name, value, stay) for name, value in stated))),
        entries=[_stay_entry(name, value, stay, ids) for name, value in stated],
    )


def _stopped(body: DischargeBody, ids: Ids) -> _Element | None:
    if not body.stopped:
        return None
    return treatment_section(
        body.stopped,
        Code(LOINC, "18610-6", "Traitements administrés"),
        "Traitements arrêtés durant le séjour",
        ((f"{PCC}.3.21", None), (f"{SECTION}.145", None)),
        "stopped",
        ids,
    )


def _treatments(body: DischargeBody, ids: Ids) -> _Element:
    return treatment_section(
        body.treatments,
        Code(LOINC, "10183-2", "Traitements à la sortie"),
        "Traitements à la sortie",
        ((f"{PCC}.3.22", None), (f"{SECTION}.146", None)),
        "treatment",
        ids,
    )


def _expected(body: DischargeBody, ids: Ids) -> _Element | None:
    if not body.expected:
        return None
    return section(
        Code(LOINC, "30954-2", "Résultats d'examens"),
        "Résultats d'examens et autres informations attendus",
        ((f"{PCC}.3.27", None), (f"{SECTION}.150", None)),
        identifier=ids("expected"),
        narrative=paragraphs(body.expected, "expected"),
    )


def _follow_up(body: DischargeBody, ids: Ids) -> _Element | None:
    if not body.follow_up:
        return None
    return section(
        Code(LOINC, "18776-5", "Plan de soins"),
        "Suites à donner",
        ((f"{CCD}.1.10", None), (f"{PCC}.3.36", None), (f"{SECTION}.158", None)),
        identifier=ids("follow-up"),
        narrative=paragraphs(body.follow_up, "follow-up"),
    )


def write_discharge(body: DischargeBody, ids: Ids) -> _Element:
    """The component with the structured body."""
    allergies = body.allergies
    return structured(
        _status(body, ids),
        _reason(body, ids),
        _stay(body, ids),
        _stopped(body, ids),
        _treatments(body, ids),
        _expected(body, ids),
        _follow_up(body, ids),
        None
        if allergies is None
        else allergy_section(allergies, "Allergies identifiées pendant le séjour", ids),
    )


DISCHARGE = BodyKind(
    body=DischargeBody,
    templates=((f"{MODEL}.29", "2022.01"),),
    write=write_discharge,
    type=Code(LOINC, "11490-0", "Lettre de liaison à la sortie d'un établissement de soins"),
    main_act=Code(ACT_CODE, "IMP", "Hospitalisation (établissement, y compris HAD)"),
)
