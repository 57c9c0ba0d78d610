"""The OIDs that several kinds of body share, under the names of the French specification."""

from __future__ import annotations

MODEL = "1.2.250.1.213.1.1.1"
SECTION = "1.2.250.1.213.1.1.2"
ENTRY = "1.2.250.1.213.1.1.3"
"""CI-SIS: models of documents, sections, entries (F.1, F.2, F.3 of the reference)."""

PCC = "1.3.6.1.4.1.19376.1.5.3.1"
LAB = "1.3.6.1.4.1.19376.1.3"
PHARM = "1.3.6.1.4.1.19376.1.9.1"
CCD = "2.16.840.1.113883.10.20"
PS3_20 = "1.2.840.10008.9"
"""IHE PCC, XD-LAB, Pharmacy; HL7 CCD; DICOM PS3.20 (P, L, M, C, D of the reference)."""

SNOMED = "2.16.840.1.113883.6.96"
TA_ASIP = "1.2.250.1.213.1.1.4.322"
DCM = "1.2.840.10008.2.16.4"
ACT_CODE = "2.16.840.1.113883.5.4"
ICD10 = "2.16.840.1.113883.6.3"
CIS = "1.2.250.1.213.2.3.1"
CIP = "1.2.250.1.213.2.3.2"
ATC = "2.16.840.1.113883.6.73"
CCAM = "1.2.250.1.215.300.1"
EDQM = "0.4.0.127.0.16.1.1.2.1"
IHE_ACT_CODE = "1.3.6.1.4.1.19376.1.5.3.2"
SUBSTITUTION = "2.16.840.1.113883.5.1070"
