"""Code systems by OID (CDA, XDS) and by URL (FHIR).

French systems follow one rule (NOS): the table's name stands twice in its URL, the second time with
hyphens. OIDs and names are those of the NOS as published by the Agence du numérique en santé
(guide 1.12.0); the others are those of HL7 Terminology and FHIR R4 §4.3.
"""

from __future__ import annotations

import re

_NOS = "https://mos.esante.gouv.fr/NOS/"

_NOS_TABLES = {
    "1.2.250.1.213.1.1.4.6": "TRE_A00-ProducteurDocNonPS",
    "1.2.250.1.213.1.1.4.9": "TRE_A01-CadreExercice",
    "1.2.250.1.213.1.1.4.5": "TRE_A02-ProfessionSavFaire-CISIS",
    "1.2.250.1.213.1.1.4.1": "TRE_A03-ClasseDocument",
    "1.2.250.1.213.1.1.4.12": "TRE_A05-TypeDocComplementaire",
    "1.2.250.1.213.1.1.4.2.282": "TRE_A06-FormatCodeComplementaire",
    "1.2.250.1.213.1.1.4.13": "TRE_A07-StatutVisibiliteDocument",
    "1.2.840.10008.2.6.1": "TRE_A09-DICOMuidRegistry",
    "1.3.6.1.4.1.19376.1.2.3": "TRE_A11-IheFormatCode",
    "ASTM": "TRE_A12-NomenclatureASTM",
    "1.2.250.1.71.4.2.4": "TRE_R02-SecteurActivite",
    "1.2.250.1.213.1.6.1.11": "TRE_R11-CiviliteExercice",
    "1.2.250.1.213.1.6.1.69": "TRE_R81-Civilite",
    "1.2.250.1.213.1.6.1.107": "TRE_R85-RolePriseCharge",
    "1.2.250.1.213.1.6.1.4": "TRE_R94-ProfessionSocial",
    "1.2.250.1.213.1.6.1.109": "TRE_R95-UsagerTitre",
    "1.2.250.1.213.2.2": "TRE_R209-TypeActivite",
    "1.2.250.1.213.1.1.4.327": "TRE_R217-ProtectionJuridique",
    "1.2.250.1.213.1.1.4.2.280": "TRE_R258-RelationPriseCharge",
    "1.2.250.1.213.1.1.4.322": "TRE_R308-TAASIP",
    "1.2.250.1.213.1.1.4.347": "TRE_R342-XdsTypesIdentifiantsReferenceId",
}

_HL7 = "http://terminology.hl7.org/CodeSystem/"

_OTHERS = {
    "2.16.840.1.113883.6.1": "http://loinc.org",
    "2.16.840.1.113883.6.96": "http://snomed.info/sct",
    "2.16.840.1.113883.6.3": "http://hl7.org/fhir/sid/icd-10",
    "2.16.840.1.113883.6.73": "http://www.whocc.no/atc",
    "2.16.840.1.113883.6.8": "http://unitsofmeasure.org",
    "1.2.840.10008.2.16.4": "http://dicom.nema.org/resources/ontology/DCM",
    "0.4.0.127.0.16.1.1.2.1": "http://standardterms.edqm.eu",
    "2.16.840.1.113883.5.1": _HL7 + "v3-AdministrativeGender",
    "2.16.840.1.113883.5.4": _HL7 + "v3-ActCode",
    "2.16.840.1.113883.5.7": _HL7 + "v3-ActPriority",
    "2.16.840.1.113883.5.25": _HL7 + "v3-Confidentiality",
    "2.16.840.1.113883.5.83": _HL7 + "v3-ObservationInterpretation",
    "2.16.840.1.113883.5.88": _HL7 + "v3-ParticipationFunction",
    "2.16.840.1.113883.5.111": _HL7 + "v3-RoleCode",
}

# Read, never written: other names under which the same systems come.
_ALIASES = {
    "http://ihe.net/fhir/ihe.formatcode.fhir/CodeSystem/formatcode": "1.3.6.1.4.1.19376.1.2.3",
}
_NOS_ALIASES = {
    "TRE_A08-HL7Confidentiality": "2.16.840.1.113883.5.25",
    "TRE_A04-Loinc": "2.16.840.1.113883.6.1",
    # Spelt so in examples of PDSm.
    "TRE_A07-StatusVisibiliteDocument": "1.2.250.1.213.1.1.4.13",
}


def nos_url(table: str) -> str:
    """The URL of a NOS table or value set: ``TRE_A01-CadreExercice`` → ``…/FHIR/TRE-A01-…``."""
    return f"{_NOS}{table}/FHIR/{table.replace('_', '-')}"


_URLS = {oid: nos_url(table) for oid, table in _NOS_TABLES.items()} | _OTHERS
_OIDS = {url: oid for oid, url in _URLS.items()} | _ALIASES
_OIDS_BY_TABLE = {table: oid for oid, table in _NOS_TABLES.items()} | _NOS_ALIASES

_NOS_URL = re.compile(r"https?://mos\.esante\.gouv\.fr/NOS/([^/?#]+)(?:/FHIR/[^/?#]+)?/?")
_OID = re.compile(r"[0-2](?:\.\d+)+", re.ASCII)


def system_url(oid: str) -> str:
    """The FHIR system of an OID: its URL, else ``urn:oid:…``; what is no OID stays as given."""
    known = _URLS.get(oid)
    if known is not None:
        return known
    return f"urn:oid:{oid}" if _OID.fullmatch(oid) else oid


def system_oid(url: str) -> str:
    """The OID of a FHIR system, from its URL or ``urn:oid:…``; an unknown URL stays as given.

    URLs of the NOS are known by the name of the table in them, with or without their end.
    """
    known = _OIDS.get(url)
    if known is not None:
        return known
    oid = url.removeprefix("urn:oid:")
    if oid != url:
        return oid if _OID.fullmatch(oid) else url
    match = _NOS_URL.fullmatch(url)
    return _OIDS_BY_TABLE.get(match[1], url) if match else url
