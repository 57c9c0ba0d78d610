"""Reads the Patient that asks to open a record: identity, ground, text of the consent.

Elements of fr-core-patient-ins, with Carnet's own extensions (``docs/fhir.md``).
"""

from __future__ import annotations

import re

from carnet.fhir.resources.consent_text import read_consent_text
from carnet.formats.fhir import urls
from carnet.formats.fhir.elements import ins_of, read_identifier
from carnet.formats.fhir.people import GENDERS
from carnet.formats.fhir.reading import Element
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    INS_OIDS,
    IdentityStatus,
    Ins,
    Sex,
    Traits,
    check_birth_date,
)
from carnet.usecases.requests import ConsentText, OpeningGround, OpeningRequest

_SEXES = {gender: sex for sex, gender in GENDERS.items()}
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_FR_STATUSES = {"VALI": IdentityStatus.QUALIFIED, "PROV": IdentityStatus.PROVISIONAL}


def parse_opening(resource: dict[str, object]) -> OpeningRequest:
    """The record to open.

    Raises ``element-*``, ``ins-*``, ``birth-date-invalid``, ``identity-status-unknown``,
    ``opening-ground-unknown``, ``extension-unknown``.
    """
    root = Element(resource, "Patient")
    if root.raw("resourceType") != "Patient":
        raise CarnetError(
            "resource-type", root.at("resourceType"), attendu="Patient", expected="Patient"
        )
    root.ignore("meta", "language", "text", "active", "telecom", "address", "maritalStatus")
    said = _read_extensions(root)
    ins = _read_ins(root)
    names = _read_names(root)
    gender = root.needed_text("gender", 20)
    if gender not in _SEXES:
        raise CarnetError("gender-unknown", root.at("gender"))
    birth_date = check_birth_date(root.needed_text("birthDate", 10), root.at("birthDate"))
    root.done()
    ground = said.get("ground")
    if not isinstance(ground, OpeningGround):
        raise CarnetError("opening-ground-unknown", root.at("extension"))
    text = said.get("text")
    status = said.get("status") or said.get("reliability")
    place = said.get("place")
    traits = _traits(names, _SEXES[gender], birth_date, place if isinstance(place, str) else None)
    return OpeningRequest(
        ins,
        traits,
        ground,
        text if isinstance(text, ConsentText) else None,
        status if isinstance(status, IdentityStatus) else IdentityStatus.QUALIFIED,
    )


_Names = dict[str, tuple[str, list[str], str | None]]


def _traits(names: _Names, sex: Sex, birth_date: str, place: str | None) -> Traits:
    family, given, listed = names["official"]
    used = names.get("usual")
    return Traits(
        family,
        given[0],
        sex,
        birth_date,
        birth_place=place,
        given_names=listed or (" ".join(given) if len(given) > 1 else None),
        used_family=used[0] if used else None,
        used_given=used[1][0] if used and used[1] else None,
    )


def _read_ins(root: Element) -> Ins:
    found: Ins | None = None
    for item in root.children("identifier", 10):
        use = item.text("use", 20)
        identifier = read_identifier(item)
        if identifier.root in INS_OIDS and use != "old":
            if found is not None:
                raise CarnetError("ins-not-one", item.path)
            found = ins_of(identifier, item.at("value"))
    if found is None:
        root.require("identifier")
    return found


def _read_names(root: Element) -> _Names:
    names: _Names = {}
    for item in root.children("name", 5):
        item.ignore("prefix", "suffix", "text", "period")
        use = item.needed_text("use", 20)
        if use not in ("official", "usual") or use in names:
            raise CarnetError("name-use", item.at("use"))
        listed = None
        for extension in item.children("extension", 5):
            if extension.needed_text("url", 256) != urls.FR_BIRTH_GIVEN_NAMES:
                raise CarnetError("extension-unknown", extension.path)
            listed = extension.needed_text("valueString", 512)
            extension.done()
        given = item.texts("given")
        if use == "official" and not given:
            item.require("given")
        names[use] = (item.needed_text("family", 256), given, listed)
        item.done()
    if "official" not in names:
        root.require("name")
    return names


def _read_extensions(root: Element) -> dict[str, object]:
    said: dict[str, object] = {}
    for extension in root.children("extension", 20):
        url = urls.secure(extension.needed_text("url", 256))
        name, value = _read_extension(url, extension)
        if name in said:
            raise CarnetError("extension-repeated", extension.path)
        said[name] = value
        extension.done()
    return said


def _read_extension(url: str, extension: Element) -> tuple[str, object]:
    if url == urls.secure(urls.BIRTH_PLACE):
        return "place", _read_place(extension)
    if url == urls.FR_IDENTITY_RELIABILITY:
        return "reliability", _read_reliability(extension)
    if url == urls.OPENING_GROUND:
        code = extension.needed_text("valueCode", 40)
        if code not in list(OpeningGround):
            raise CarnetError("opening-ground-unknown", extension.at("valueCode"))
        return "ground", OpeningGround(code)
    if url == urls.IDENTITY_STATUS:
        code = extension.needed_text("valueCode", 40)
        if code not in list(IdentityStatus):
            raise CarnetError("identity-status-unknown", extension.at("valueCode"))
        return "status", IdentityStatus(code)
    if url == urls.CONSENT_TEXT:
        return "text", read_consent_text(extension)
    raise CarnetError("extension-unknown", extension.path)


def _read_reliability(extension: Element) -> IdentityStatus:
    found = IdentityStatus.QUALIFIED
    for part in extension.children("extension", 10):
        url = part.needed_text("url", 64)
        part.ignore("valueDate", "valueCoding")
        if url == "identityStatus":
            coding = part.child("valueCoding")
            code = coding.needed_text("code", 20) if coding else ""
            if code not in _FR_STATUSES:
                raise CarnetError("identity-status-unknown", part.path)
            found = _FR_STATUSES[code]
        part.done()
    return found


def _read_place(extension: Element) -> str | None:
    address = extension.child("valueAddress")
    if address is None:
        extension.require("valueAddress")
    address.ignore("city", "country", "text", "use", "type", "district", "postalCode", "state")
    code: str | None = None
    for part in address.children("extension", 5):
        if part.needed_text("url", 256) != urls.FR_INSEE_CODE:
            raise CarnetError("extension-unknown", part.path)
        coding = part.child("valueCoding")
        if coding is None:
            part.require("valueCoding")
        code = coding.needed_text("code", 10)
        if not _INSEE.fullmatch(code):
            raise CarnetError("insee-code-malformed", coding.at("code"))
        part.done()
    address.done()
    return code
