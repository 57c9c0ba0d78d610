"""The people of ``carnet demo``: a dozen citizens, those who care for them, their documents."""

from __future__ import annotations

from carnet.population.demo.documents import documents
from carnet.population.demo.model import (
    DemoDocument,
    DemoPerson,
    DemoProfessional,
    DemoRelation,
    DemoStructure,
)
from carnet.population.demo.people import people, professionals, relations, structures
from carnet.population.demo.times import FIRST_DAY

__all__ = [
    "FIRST_DAY",
    "DemoDocument",
    "DemoPerson",
    "DemoProfessional",
    "DemoRelation",
    "DemoStructure",
    "documents",
    "people",
    "professionals",
    "relations",
    "structures",
]
