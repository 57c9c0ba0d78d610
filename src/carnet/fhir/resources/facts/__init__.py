"""The resources that facts are shown as: which facts each is made of, and how it is searched."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from carnet.clinical.model import Told
from carnet.fhir.resources.facts import (
    allergy,
    condition,
    family,
    immunization,
    observation,
    procedure,
    treatments,
)
from carnet.formats.fhir import urls
from carnet.record.facts import Kind, Stage

Categories = dict[tuple[str, str], frozenset[Kind]]


class FactResource(msgspec.Struct, frozen=True):
    """One type of resource.

    ``stages`` are those that it tells of, or with ``others`` those that it leaves to another type.
    ``code`` and ``date`` are the names that R4 gives to the two searches, beside those names
    themselves; ``categories`` are the kinds of each category that can be asked for.
    """

    kinds: frozenset[Kind]
    render: Callable[[Told, str], bytes]
    text: str
    stages: frozenset[Stage] = frozenset()
    others: bool = True
    code: str = "code"
    date: str = "date"
    categories: Categories = {}

    def holds(self, told: Told) -> bool:
        """Whether a fact is shown as this type."""
        fact = told.fact
        named = fact.stage in self.stages
        return fact.kind in self.kinds and (named is not self.others)


_TREATMENT = frozenset({Kind.MEDICATION})
_REQUESTED, _HANDED = frozenset({Stage.PRESCRIBED}), frozenset({Stage.DISPENSED})

FACT_RESOURCES: dict[str, FactResource] = {
    "AllergyIntolerance": FactResource(
        frozenset({Kind.ALLERGY}), allergy.render, "allergies", date="onset"
    ),
    "Condition": FactResource(
        frozenset({Kind.PROBLEM}),
        condition.render,
        "problems",
        date="onset-date",
        categories={
            (urls.CONDITION_CATEGORY, condition.CATEGORY): frozenset({Kind.PROBLEM}),
        },
    ),
    "DeviceUseStatement": FactResource(
        frozenset({Kind.DEVICE}), procedure.render_device_use, "devices"
    ),
    "FamilyMemberHistory": FactResource(
        frozenset({Kind.FAMILY}), family.render, "diseases of relatives"
    ),
    "Immunization": FactResource(
        frozenset({Kind.IMMUNIZATION}), immunization.render, "vaccinations", code="vaccine-code"
    ),
    "MedicationDispense": FactResource(
        _TREATMENT,
        treatments.render_dispense,
        "dispensed treatments",
        stages=_HANDED,
        others=False,
        date="whenhandedover",
    ),
    "MedicationRequest": FactResource(
        _TREATMENT,
        treatments.render_request,
        "prescribed treatments",
        stages=_REQUESTED,
        others=False,
    ),
    "MedicationStatement": FactResource(
        _TREATMENT,
        treatments.render_statement,
        "treatments told of otherwise",
        stages=_REQUESTED | _HANDED,
        date="effective",
    ),
    "Observation": FactResource(
        frozenset({Kind.RESULT, Kind.VITAL, Kind.PREGNANCY, Kind.OBSERVATION}),
        observation.render,
        "results, vital signs, pregnancies, other observations",
        categories={
            (urls.OBSERVATION_CATEGORY, category): frozenset({kind})
            for kind, category in observation.CATEGORIES.items()
        },
    ),
    "Procedure": FactResource(frozenset({Kind.PROCEDURE}), procedure.render_procedure, "acts"),
}
"""Every fact is shown as exactly one of these types."""


def type_of(told: Told) -> str:
    """The type that a fact is shown as."""
    return next(kind for kind, resource in FACT_RESOURCES.items() if resource.holds(told))
