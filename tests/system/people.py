"""Invented citizens and the callers who act: each citizen new, so that no test meets another's."""

from __future__ import annotations

import itertools
from datetime import date

import msgspec

from carnet.formats.fhir import urls
from carnet.population.callers import caller_of
from carnet.population.scripts.cast import cast
from carnet.record.caller import Caller, CallerKind, Purpose
from carnet.record.identity import OID_INS_NIR_TEST, Ins, Sex, Traits, ins_key
from carnet.record.structures import structure

_numbers = itertools.count(1)
CAST = cast(date(2026, 11, 25))
_ALL = {
    CallerKind.CITIZEN: "patient/*.cruds",
    CallerKind.PROFESSIONAL: "user/*.cruds",
    CallerKind.STRUCTURE: "system/*.cruds",
}
Json = dict[str, object]


class Citizen(msgspec.Struct, frozen=True):
    """An invented citizen: INS and strict traits."""

    ins: Ins
    traits: Traits

    @property
    def token(self) -> str:
        """The INS as a search token."""
        return f"urn:oid:{self.ins.oid}|{self.ins.matricule}"

    @property
    def caller(self) -> Caller:
        """The citizen as who asks."""
        name = f"{self.traits.first_given.title()} {self.traits.birth_family}"
        return all_scopes(Caller(CallerKind.CITIZEN, name=name, ins=self.ins, software="portal"))

    @property
    def identifier(self) -> Json:
        """The INS as a FHIR Identifier."""
        return {"system": f"urn:oid:{self.ins.oid}", "value": self.ins.matricule}


def citizen(family: str = "ESSAI", given: str = "CLAIRE", born: str = "1984-06-15") -> Citizen:
    """A citizen whom nobody met before; women all, born where the INS says."""
    number = next(_numbers)
    bare = f"2{born[2:4]}{born[5:7]}35{238 + number // 900:03d}{number % 900 + 1:03d}"
    ins = Ins(f"{bare}{ins_key(bare):02d}", OID_INS_NIR_TEST)
    return Citizen(ins, Traits(family, given, Sex.FEMALE, born, "35238", given))


def professional(key: str, purpose: Purpose = Purpose.NORMAL, reason: str | None = None) -> Caller:
    """A professional of the demo's cast, by key: ``dr-garrigue``, ``nurse-morvan`` …"""
    return all_scopes(msgspec.structs.replace(caller_of(CAST, key), purpose=purpose, reason=reason))


def house(extension: str = "1359910486", name: str = "Centre inventé") -> Caller:
    """A structure's system, with nobody behind it (authentification indirecte)."""
    return all_scopes(
        Caller(
            CallerKind.STRUCTURE,
            name=name,
            structure=structure(extension),
            structure_name=name,
            sector="SA01",
        )
    )


def all_scopes(caller: Caller) -> Caller:
    """The caller with every scope of its level."""
    return msgspec.structs.replace(caller, scopes=frozenset({_ALL[caller.kind]}))


GENERALIST = professional("dr-garrigue")
ENDOCRINOLOGIST = professional("dr-lesage")
PSYCHIATRIST = professional("dr-ollier")
REGULATOR = professional("dr-rivoal")
NURSE = professional("nurse-morvan")
PHARMACIST = professional("pharmacist-cadiou")


def opening(who: Citizen, *, ground: str = "consent", **changes: object) -> Json:
    """The Patient that opens a record."""
    traits = who.traits
    genders = {Sex.FEMALE: "female", Sex.MALE: "male", Sex.INDETERMINATE: "unknown"}
    text = [{"url": "id", "valueString": "ouverture"}, {"url": "version", "valueString": "1"}]
    return {
        "resourceType": "Patient",
        "extension": [
            {"url": urls.OPENING_GROUND, "valueCode": ground},
            {"url": urls.CONSENT_TEXT, "extension": text},
        ],
        "identifier": [{"use": "official", **who.identifier}],
        "name": [{"use": "official", "family": traits.birth_family, "given": [traits.first_given]}],
        "gender": genders[traits.sex],
        "birthDate": traits.birth_date,
        **changes,
    }


def tie(
    who: Citizen, actor: Caller, kind: str | None = None, *, deny: bool = False, **provision: object
) -> Json:
    """The Consent that makes a tie; ``actor`` is its person, or a structure alone."""
    named = actor.identifier or actor.structure
    assert named is not None or actor.ins is not None
    if actor.ins is not None:
        identifier = {"system": f"urn:oid:{actor.ins.oid}", "value": actor.ins.matricule}
    else:
        assert named is not None
        identifier = {"system": f"urn:oid:{named.root}", "value": named.extension}
    category: list[Json] = [{"coding": [{"system": urls.LOINC, "code": "59284-0"}]}]
    if kind is not None:
        category.append({"coding": [{"system": urls.CONSENT_KINDS, "code": kind}]})
    return {
        "resourceType": "Consent",
        "status": "active",
        "scope": {"coding": [{"system": urls.CONSENT_SCOPE, "code": "patient-privacy"}]},
        "category": category,
        "patient": {"identifier": who.identifier},
        "policyRule": {"coding": [{"system": urls.ACT_CODE, "code": "OPTIN"}]},
        "provision": {
            "type": "deny" if deny else "permit",
            "actor": [
                {
                    "role": {"coding": [{"system": urls.PARTICIPATION, "code": "IRCP"}]},
                    "reference": {"identifier": identifier, "display": actor.name},
                }
            ],
            **provision,
        },
    }
