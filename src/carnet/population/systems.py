"""Codes of the nomenclature with the OID of their system (``cda-header.md``, list of systems)."""

from __future__ import annotations

from carnet.formats.cda.build import Coded
from carnet.population.codes import Act, Drug, Pair, Problem, Vaccine, modality_name
from carnet.record.document import Code

LOINC = "2.16.840.1.113883.6.1"
CIM10 = "2.16.840.1.113883.6.3"
CIS = "1.2.250.1.213.2.3.1"
CIP = "1.2.250.1.213.2.3.2"
ATC = "2.16.840.1.113883.6.73"
CCAM = "1.2.250.1.215.300.1"
SNOMED = "2.16.840.1.113883.6.96"
DCM = "1.2.840.10008.2.16.4"


def loinc_of(pair: Pair | None) -> Code | None:
    """A LOINC code with the name that its source gives."""
    return None if pair is None else Code(LOINC, *pair)


def cim10_of(problem: Problem) -> Code | None:
    """The CIM-10 code of a problem."""
    return None if problem.cim10 is None else Code(CIM10, *problem.cim10)


def cis_of(medicine: Drug | Vaccine) -> Code | None:
    """The code of the medicine."""
    return None if medicine.cis is None else Code(CIS, medicine.cis, medicine.name)


def cip_of(medicine: Drug) -> Code | None:
    """The code of the box."""
    return None if medicine.cip is None else Code(CIP, medicine.cip, medicine.name)


def atc_of(medicine: Drug | Vaccine) -> Code | None:
    """The class of the medicine; its name is that of the substance, or of the first valence."""
    if medicine.atc is None:
        return None
    name = medicine.substance if isinstance(medicine, Drug) else ", ".join(medicine.valences)
    return Code(ATC, medicine.atc, name)


def ccam_of(act: Act) -> Code | None:
    """The CCAM code of an act."""
    return None if act.ccam is None else Code(CCAM, *act.ccam)


def modality_of(act: Act) -> Coded:
    """The modality of an examination: its DICOM code, or the words that say that none is known."""
    if act.modality is None:
        return Coded(text=act.label)
    name = modality_name(act.modality)
    return Coded(code=Code(DCM, act.modality, name), text=name)
