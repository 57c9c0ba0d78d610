"""The canonical URLs that Carnet reads and writes, each in one place.

Sources: IHE MHD 4.2.3, PDSm 3.1.1, PDSm for DMP 0.1.0, fr-core 2.1.0, NOS, and Carnet's own
extensions, which ``docs/fhir.md`` describes one by one.
"""

from __future__ import annotations

RFC_3986 = "urn:ietf:rfc:3986"
OID_PREFIX = "urn:oid:"
UUID_PREFIX = "urn:uuid:"

_PDSM = "https://interop.esante.gouv.fr/ig/fhir/pdsm/StructureDefinition/"
PDSM_COMPREHENSIVE = _PDSM + "pdsm-comprehensive-document-reference"
PDSM_SIMPLIFIED = _PDSM + "pdsm-simplified-publish"
PDSM_IS_ARCHIVED = _PDSM + "pdsm-ext-is-archived"

_FR_CORE = "https://hl7.fr/ig/fhir/core/StructureDefinition/"
FR_PATIENT = _FR_CORE + "fr-core-patient"
FR_PATIENT_INS = _FR_CORE + "fr-core-patient-ins"
FR_INSEE_CODE = _FR_CORE + "fr-core-address-insee-code"
FR_BIRTH_GIVEN_NAMES = _FR_CORE + "fr-core-patient-birth-list-given-name"
FR_IDENTITY_RELIABILITY = _FR_CORE + "fr-core-identity-reliability"
FR_IDENTITY_STATUS = "https://hl7.fr/ig/fhir/core/CodeSystem/fr-core-cs-v2-0445"
BIRTH_PLACE = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace"

# The DMP guide's own canonical differs (…/pdsm4dmp): one constant, because it may change.
DMP = "https://interop.esante.gouv.fr/ig/fhir/dmp/"
DMP_CLOSING = DMP + "StructureDefinition/dmp-fermeture"
DMP_CLOSING_REASON = DMP + "CodeSystem/dmp-motif-fermeture"
DMP_ATTACHED = DMP + "StructureDefinition/dmp-rattachement-mes"
DMP_PHYSICIAN = DMP + "StructureDefinition/dmp-medecin-traitant"
DMP_AUTHORISATION = DMP + "StructureDefinition/dmp-autorisation"

_NOS = "https://mos.esante.gouv.fr/NOS/"
COMMUNES = _NOS + "TRE_R13-CommuneOM/FHIR/TRE-R13-CommuneOM"
COUNTRIES = _NOS + "TRE_R20-Pays/FHIR/TRE-R20-Pays"

_THO = "http://terminology.hl7.org/CodeSystem/"
ACT_CODE = _THO + "v3-ActCode"
ACT_REASON = _THO + "v3-ActReason"
PARTICIPATION = _THO + "v3-ParticipationType"
CONSENT_SCOPE = _THO + "consentscope"
SMART_SECURITY = _THO + "restful-security-service"
AUDIT_TYPE = _THO + "audit-event-type"
AUDIT_SOURCE = _THO + "security-source-type"
AUDIT_ENTITY_TYPE = _THO + "audit-entity-type"
OBJECT_ROLE = _THO + "object-role"
DCM = "http://dicom.nema.org/resources/ontology/DCM"
RESTFUL = "http://hl7.org/fhir/restful-interaction"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"
NULL_FLAVOR = _THO + "v3-NullFlavor"
OBSERVATION_CATEGORY = _THO + "observation-category"
CONDITION_CATEGORY = _THO + "condition-category"
CONDITION_CLINICAL = _THO + "condition-clinical"
CONDITION_VERIFICATION = _THO + "condition-ver-status"
ALLERGY_CLINICAL = _THO + "allergyintolerance-clinical"
ALLERGY_VERIFICATION = _THO + "allergyintolerance-verification"
SERVICE_SECTION = _THO + "v2-0074"
PROVENANCE_AGENT = _THO + "provenance-participant-type"

# Carnet's own names, where no public guide has one. Described in docs/fhir.md.
CARNET = "https://carnet.example/fhir/"
ERRORS = CARNET + "CodeSystem/error"
ACTS = CARNET + "CodeSystem/act"
CALLER_KINDS = CARNET + "CodeSystem/caller-kind"
CONSENT_KINDS = CARNET + "CodeSystem/consent-kind"
_OWN = CARNET + "StructureDefinition/"
OPENING_GROUND = _OWN + "opening-ground"
CONSENT_TEXT = _OWN + "consent-text"
IDENTITY_STATUS = _OWN + "identity-status"
CONSENT_SCOPE_EXTENSION = _OWN + "delegation-scope"
CONSENT_ENDED = _OWN + "consent-ended"
CONSENT_MADE_BY = _OWN + "consent-made-by"
STATED_REASON = _OWN + "stated-reason"
DECISION = _OWN + "decision"
FACT_CONTRADICTED = _OWN + "contradicted-by-narrative"
FACT_DATE = _OWN + "date-as-written"
FACT_NEGATED = _OWN + "negated"
FACT_QUALIFIER = _OWN + "qualifier"
FACT_SAID_OF = _OWN + "said-of"
FACT_STAGE = _OWN + "stage"
FACT_SUBJECT = _OWN + "told-of"
FACT_PLACE = _OWN + "fact-place"


def secure(url: str) -> str:
    """The ``https`` form of a canonical URL: guides and examples write some with ``http``."""
    return "https://" + url[7:] if url.startswith("http://") else url
