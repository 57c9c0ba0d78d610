"""Patient both ways: what TD0.2 tells of a record, and the request to open one.

Profiles fr-core-patient and fr-core-patient-ins, with the extensions of PDSm for DMP §TD0.2 and
Carnet's own for the ground and the text of a consent (``docs/fhir.md``).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from carnet.formats.fhir import urls
from carnet.formats.fhir.dump import dump
from carnet.formats.fhir.elements import ins_of, read_identifier
from carnet.formats.fhir.people import GENDERS, patient_names
from carnet.formats.fhir.reading import Element
from carnet.formats.identifiers.fhir import identifier_to_fhir, ins_to_fhir
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    INS_OIDS,
    Identifier,
    IdentityStatus,
    Ins,
    Sex,
    Traits,
    check_birth_date,
)
from carnet.record.lifecycle import RecordState
from carnet.usecases.requests import (
    Authorisation,
    ConsentText,
    OpeningGround,
    OpeningRequest,
    RecordStatus,
)

_SEXES = {gender: sex for sex, gender in GENDERS.items()}
_INSEE = re.compile(r"[0-9][0-9AB][0-9]{3}")
_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_FR_STATUSES = {"VALI": IdentityStatus.QUALIFIED, "PROV": IdentityStatus.PROVISIONAL}

Json = dict[str, object]


def render(status: RecordStatus) -> bytes:
    """The Patient of a record, as its caller may know it."""
    out: Json = {
        "resourceType": "Patient",
        "id": status.record_id,
        "meta": {
            "versionId": str(status.version),
            "profile": [urls.FR_PATIENT, urls.FR_PATIENT_INS],
        },
        "extension": _extensions(status),
        "identifier": [
            ins_to_fhir(status.ins),
            *(ins_to_fhir(former, former=True) for former in status.former),
        ],
        "active": status.state is RecordState.OPEN,
        "name": _names(status.traits),
        "gender": GENDERS[status.traits.sex],
        "birthDate": status.traits.birth_date,
    }
    if status.last_updated:
        out["meta"] = {**_object(out["meta"]), "lastUpdated": status.last_updated}
    return dump(out)


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _names(traits: Traits) -> list[Json]:
    names = patient_names(traits)
    if traits.given_names:
        names[0]["extension"] = [
            {"url": urls.FR_BIRTH_GIVEN_NAMES, "valueString": traits.given_names}
        ]
    return names


def _extensions(status: RecordStatus) -> list[Json]:
    out: list[Json] = [
        {
            "url": urls.FR_IDENTITY_RELIABILITY,
            "extension": [
                {
                    "url": "identityStatus",
                    "valueCoding": {"system": urls.FR_IDENTITY_STATUS, "code": "VALI"},
                }
            ],
        },
        {"url": urls.DMP_AUTHORISATION, "valueCode": status.authorisation.value},
        {"url": urls.DMP_PHYSICIAN, "valueBoolean": status.is_physician},
        {"url": urls.DMP_ATTACHED, "valueBoolean": status.attached},
    ]
    if status.traits.birth_place:
        out.append(_birth_place(status.traits.birth_place))
    if closing := _closing(status):
        out.append({"url": urls.DMP_CLOSING, "extension": closing})
    return out


def _birth_place(code: str) -> Json:
    system = urls.COUNTRIES if code.startswith("99") else urls.COMMUNES
    insee = {"url": urls.FR_INSEE_CODE, "valueCoding": {"system": system, "code": code}}
    return {"url": urls.BIRTH_PLACE, "valueAddress": {"extension": [insee]}}


def _closing(status: RecordStatus) -> list[Json]:
    out: list[Json] = []
    if status.closed_at and _DAY.match(status.closed_at):
        out.append({"url": "dateFermeture", "valueDate": status.closed_at[:10]})
    if status.closing_code:
        coding = {"system": urls.DMP_CLOSING_REASON, "code": status.closing_code}
        out.append({"url": "motifFermeture", "valueCodeableConcept": {"coding": [coding]}})
    if status.closing_reason:
        out.append({"url": "raisonFermeture", "valueString": status.closing_reason})
    return out


def render_authorisation(status: RecordStatus, caller: Caller) -> tuple[str, bytes] | None:
    """The Consent that goes with the Patient in TD0.2, as (fullUrl, bytes); None without one.

    It tells the caller's own authorisation; it is made for this answer and has no address.
    """
    actor = actor_of(caller)
    if status.authorisation is Authorisation.NONE or actor is None:
        return None
    key = uuid5(NAMESPACE_URL, f"{status.record_id}|{actor.root}|{actor.extension}")
    provision: Json = {
        "type": "deny" if status.authorisation is Authorisation.REFUSED else "permit",
        "actor": [
            {
                "role": {"coding": [{"system": urls.PARTICIPATION, "code": "IRCP"}]},
                "reference": {"identifier": identifier_to_fhir(actor)},
            }
        ],
    }
    period = period_json(status.authorised_from, status.authorised_until)
    if period:
        provision["period"] = period
    expired = status.authorisation is Authorisation.EXPIRED
    out: Json = {
        "resourceType": "Consent",
        "id": str(key),
        "status": "inactive" if expired else "active",
        "scope": {"coding": [{"system": urls.CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": [{"coding": [{"system": urls.LOINC, "code": "59284-0"}]}],
        "patient": {"reference": "Patient/" + status.record_id},
        "policyRule": {"coding": [{"system": urls.ACT_CODE, "code": "OPTIN"}]},
        "provision": provision,
    }
    return f"urn:uuid:{key}", dump(out)


def actor_of(caller: Caller) -> Identifier | None:
    """Whom an authorisation of this caller names."""
    if caller.ins is not None:
        return Identifier(caller.ins.oid, caller.ins.matricule)
    return caller.identifier or caller.structure


def period_json(start: int, end: int) -> Json:
    """A Period of two times in seconds since 1970 UTC; 0 stands for none."""
    return {
        name: f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"
        for name, at in (("start", start), ("end", end))
        if at
    }


def parse_opening(resource: Json) -> OpeningRequest:
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


def read_consent_text(extension: Element) -> ConsentText:
    """The text that was shown: id, version, language as parts of Carnet's extension."""
    parts: dict[str, str] = {}
    for part in extension.children("extension", 5):
        name = part.needed_text("url", 20)
        if name not in ("id", "version", "language"):
            raise CarnetError("extension-unknown", part.path)
        parts[name] = part.needed_text("valueString", 64)
        part.done()
    if not {"id", "version"} <= parts.keys():
        raise CarnetError("element-required", extension.at("extension"))
    return ConsentText(parts["id"], parts["version"], parts.get("language", "fr"))


def consent_text_json(text: ConsentText) -> Json:
    """Carnet's extension of the text that was shown."""
    parts = (("id", text.id), ("version", text.version), ("language", text.language))
    return {
        "url": urls.CONSENT_TEXT,
        "extension": [{"url": name, "valueString": value} for name, value in parts],
    }
