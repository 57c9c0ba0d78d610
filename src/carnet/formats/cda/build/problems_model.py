"""Problems and allergies as a synthesis and a letter state them, in values.

Times are CDA timestamps of any precision.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from carnet.formats.cda.build.oids import SNOMED
from carnet.formats.cda.build.values import Coded
from carnet.record.document import Code

DIAGNOSIS = Code(SNOMED, "282291009", "interprétation diagnostique")
PROBLEM = Code(SNOMED, "55607006", "problème")
DRUG_ALLERGY = Code(SNOMED, "416098002", "allergie médicamenteuse")
FOOD_ALLERGY = Code(SNOMED, "414285001", "allergie alimentaire")
ALLERGY = Code(SNOMED, "609328004", "allergie")


class Absence(StrEnum):
    """Why a list is empty: the author knows that there is nothing, or says nothing about it."""

    NONE_KNOWN = "none known"
    NOT_STATED = "not stated"


class Problem(msgspec.Struct, frozen=True):
    """A disease or another problem: its name with a code of CIM-10, or with none.

    ``kind`` says what is observed (a code of SNOMED CT). ``since`` and ``until`` are unknown
    where they are None; a problem of the past has an end even if nobody knows when.
    """

    what: Coded
    since: str | None = None
    until: str | None = None
    kind: Code = DIAGNOSIS


class Allergy(msgspec.Struct, frozen=True):
    """An allergy: to what, of which kind (SNOMED CT), since when; ``active`` unless it is over."""

    agent: Coded
    since: str | None = None
    kind: Code = DRUG_ALLERGY
    active: bool = True


Problems = tuple[Problem, ...] | Absence
Allergies = tuple[Allergy, ...] | Absence
