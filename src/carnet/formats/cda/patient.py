"""recordTarget of a CDA header: identifiers, INS, strict traits, guardians.

CI-SIS: ``family@BR`` is the birth name and ``family@CL`` the used one (``SP`` is found in real
documents and read alike); ``given@BR`` is the first given name, ``given@CL`` the used one, those
without qualifier are the whole list of the birth certificate; the birthplace is ``addr/county``.
"""

from __future__ import annotations

from carnet.formats.cda.model import Guardian, Patient
from carnet.formats.cda.parts import identifier, identifiers, name, organization
from carnet.formats.cda.times import fhir_date
from carnet.formats.cda.tree import Node
from carnet.record.errors import CarnetError
from carnet.record.identity import INS_OIDS, Identifier, Ins, Sex, Traits

ROLE = "/ClinicalDocument/recordTarget/patientRole"
_PATIENT = f"{ROLE}/patient"
_SEX = {"F": Sex.FEMALE, "M": Sex.MALE, "UN": Sex.INDETERMINATE}
_USED = ("CL", "SP")


def patient_of(root: Node) -> Patient:
    """The one patient of the document.

    Raises ``CarnetError``: ``cda-element-repeated`` for a second recordTarget,
    ``cda-ins-ambiguous`` for two different INS, ``cda-time-malformed``, ``cda-sex-unknown``.
    """
    targets = root.every("recordTarget")
    if len(targets) > 1:
        raise CarnetError("cda-element-repeated", "/ClinicalDocument/recordTarget[2]")
    role = targets[0].first("patientRole") if targets else None
    if role is None:
        return Patient((), None, None, (ROLE,))
    known = identifiers(role.every("id"))
    traits, missing = _traits(role.first("patient"))
    return Patient(known, _ins(known), traits, missing)


def guardians_of(root: Node) -> tuple[Guardian, ...]:
    """All legal representatives named."""
    patient = root.first("recordTarget", "patientRole", "patient")
    nodes = patient.every("guardian") if patient is not None else []
    return tuple(
        Guardian(
            identifier(node.first("id")),
            name(node.first("guardianPerson", "name")),
            organization(node.first("guardianOrganization")),
        )
        for node in nodes
    )


def _ins(known: tuple[Identifier, ...]) -> Ins | None:
    """The INS, the NIR before the NIA. Two of one kind would be two people: refused."""
    for oid in INS_OIDS:
        found = {each.extension.upper() for each in known if each.root == oid}
        if len(found) > 1:
            raise CarnetError("cda-ins-ambiguous", f"{ROLE}/id")
        if found:
            return Ins(found.pop(), oid)
    return None


def _traits(patient: Node | None) -> tuple[Traits | None, tuple[str, ...]]:
    """The traits, and the XPaths of strict ones that are not stated."""
    if patient is None:
        return None, (_PATIENT,)
    names = patient.first("name") or Node("name", {})
    families, givens = names.every("family"), names.every("given")
    birth_family = _qualified(families, ("BR",))
    first_given = _qualified(givens, ("BR",))
    given_names = _unqualified(givens)
    sex = _sex(patient.first("administrativeGenderCode"))
    birth = patient.first("birthTime")
    value = birth.attribute("value") if birth is not None else None
    birth_date = fhir_date(value, f"{_PATIENT}/birthTime") if value is not None else None
    county = patient.first("birthplace", "place", "addr", "county")
    birth_place = county.words() if county is not None else None
    stated = {
        f"{_PATIENT}/name/family[@qualifier='BR']": birth_family,
        f"{_PATIENT}/name/given[@qualifier='BR']": first_given,
        f"{_PATIENT}/name/given[not(@qualifier)]": given_names,
        f"{_PATIENT}/administrativeGenderCode": sex,
        f"{_PATIENT}/birthTime": birth_date,
        f"{_PATIENT}/birthplace/place/addr/county": birth_place,
    }
    missing = tuple(path for path, trait in stated.items() if trait is None)
    if birth_family is None or first_given is None or sex is None or birth_date is None:
        return None, missing
    traits = Traits(
        birth_family=birth_family,
        first_given=first_given,
        sex=sex,
        birth_date=birth_date,
        birth_place=birth_place,
        given_names=given_names,
        used_family=_qualified(families, _USED),
        used_given=_qualified(givens, _USED),
    )
    return traits, missing


def _qualified(parts: list[Node], wanted: tuple[str, ...]) -> str | None:
    for part in parts:
        if any(each in wanted for each in (part.attribute("qualifier") or "").split()):
            return part.words()
    return None


def _unqualified(parts: list[Node]) -> str | None:
    plain = (part.words() for part in parts if part.attribute("qualifier") is None)
    return " ".join(filter(None, plain)) or None


def _sex(node: Node | None) -> Sex | None:
    value = node.attribute("code") if node is not None else None
    if value is None:
        return None
    if value not in _SEX:
        raise CarnetError("cda-sex-unknown", f"{_PATIENT}/administrativeGenderCode")
    return _SEX[value]
