"""The search parameters of facts: one table a type, all made alike (R4 §3.1.1, choices in docs)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from carnet.clinical.model import FactSearch, Span
from carnet.fhir import dates, values
from carnet.fhir.params import Asked, Param, Table
from carnet.fhir.resources.facts import FACT_RESOURCES, Categories, FactResource
from carnet.fhir.resources.facts.report import LABORATORY
from carnet.formats.fhir import urls
from carnet.record.errors import CarnetError
from carnet.record.facts import Kind
from carnet.record.identity import Ins

COUNT_LIMIT = 500
DEFAULT_COUNT = 50
PROVENANCE = "Provenance:target"
REPORTS = "DiagnosticReport"

_REPORT = FactResource(
    frozenset({Kind.RESULT}),
    lambda *_: b"",  # rendered as a whole, not fact by fact
    "the results of a document",
    categories={(urls.SERVICE_SECTION, LABORATORY): frozenset({Kind.RESULT})},
)
_LATER = frozenset(
    {
        "_elements",
        "_include",
        "_lastUpdated",
        "_sort",
        "_summary",
        "_total",
        "category",
        "encounter",
        "identifier",
        "medication",
        "performer",
        "status",
        "subject",
    }
)


class Draft:
    """A search while its parameters are read."""

    def __init__(self, base: str, kinds: frozenset[Kind], categories: Categories) -> None:
        self.base = base
        self.kinds = kinds
        self.categories = categories
        self.patient: Ins | None = None
        self.record: str | None = None
        self.ids: tuple[str, ...] = ()
        self.codes: list[tuple[tuple[str | None, str], ...]] = []
        self.dates: list[Span] = []
        self.count = DEFAULT_COUNT
        self.cursor: str | None = None
        self.provenance = False

    def search(self, name: str, criteria: str) -> FactSearch:
        """The finished search. Raises ``parameter-required`` where nothing names the patient."""
        if (self.patient is None) == (self.record is None):
            raise CarnetError("parameter-required", "patient", name="patient")
        resource = FACT_RESOURCES.get(name, _REPORT)
        return FactSearch(
            patient=self.patient,
            record=self.record,
            name=name,
            kinds=self.kinds,
            stages=resource.stages,
            others=resource.others,
            ids=self.ids,
            codes=tuple(self.codes),
            dates=tuple(self.dates),
            count=self.count,
            cursor=self.cursor,
            criteria=criteria,
        )


def _patient(draft: Draft, asked: Asked) -> None:
    draft.record = values.record_id(asked.value, asked.name, draft.base)


def _patient_identifier(draft: Draft, asked: Asked) -> None:
    draft.patient = values.ins(asked.value, asked.name)


def _ids(draft: Draft, asked: Asked) -> None:
    found = values.alternatives(asked.value, asked.name)
    if not all(values.ID.fullmatch(item) for item in found):
        values.refuse(asked.name, "un identifiant de ressource", "a resource id")
    draft.ids = tuple(found)


def _code(draft: Draft, asked: Asked) -> None:
    draft.codes.append(values.coded(asked.value, asked.name).any_of)


def _category(draft: Draft, asked: Asked) -> None:
    """Categories follow from the kind of a fact: a category that none has finds nothing."""
    wanted: frozenset[Kind] = frozenset()
    for system, code in values.coded(asked.value, asked.name).any_of:
        for (held_system, held), kinds in draft.categories.items():
            if code == held and system in (None, held_system):
                wanted |= kinds
    draft.kinds &= wanted


def _date(draft: Draft, asked: Asked) -> None:
    draft.dates.append(Span(*dates.parse_date(asked.value, asked.name)))


def _revinclude(draft: Draft, asked: Asked) -> None:
    if asked.value != PROVENANCE:
        values.refuse(asked.name, f"« {PROVENANCE} »", f'"{PROVENANCE}"')
    draft.provenance = True


def _count(draft: Draft, asked: Asked) -> None:
    draft.count = values.number(asked.value, asked.name, COUNT_LIMIT)


def _cursor(draft: Draft, asked: Asked) -> None:
    draft.cursor = asked.value


def _table(name: str, resource: FactResource) -> Table[Draft]:
    what = "Code of the document's type." if name == REPORTS else "Code as the document gives it."
    code: Param[Draft] = Param("token", what, _code, once=False)
    when: Param[Draft] = Param("date", "When it was so.", _date, once=False)
    params: dict[str, Param[Draft]] = {
        "patient": Param("reference", "The record, by Patient.id.", _patient),
        "patient.identifier": Param(
            "token", "The record, by INS: urn:oid:…|matricule.", _patient_identifier
        ),
        "_id": Param("token", "Ids, among those of the record.", _ids),
    }
    for names, param in (((resource.code, "code"), code), ((resource.date, "date"), when)):
        params |= dict.fromkeys(names, param)
    if resource.categories:
        offered = ", ".join(code for _, code in resource.categories)
        params["category"] = Param("token", f"Category: {offered}.", _category, once=False)
    if name != REPORTS:
        params["_revinclude"] = Param(
            "special", f"{PROVENANCE}: where each comes from, as entries.", _revinclude
        )
    params["_count"] = Param("special", "Entries a page, 0 to 500, default 50.", _count)
    params["_cursor"] = Param("special", "A page, as the link next gives it.", _cursor)
    return Table(params, _LATER - params.keys())


class FactTable(msgspec.Struct, frozen=True):
    """The parameters of a type, and a draft to read them into."""

    table: Table[Draft]
    draft: Callable[[str], Draft]


def _entry(name: str, resource: FactResource) -> FactTable:
    return FactTable(
        _table(name, resource), lambda base: Draft(base, resource.kinds, resource.categories)
    )


FACTS: dict[str, FactTable] = {
    **{name: _entry(name, resource) for name, resource in FACT_RESOURCES.items()},
    REPORTS: _entry(REPORTS, _REPORT),
}
"""The searches of all types that facts are shown as."""
