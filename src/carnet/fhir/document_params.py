"""ITI-67 search parameters (MHD 4.2.x §2:3.67.4.1.2, PDSm §5): one line each."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from carnet.fhir import dates, values
from carnet.fhir.params import Asked, Param, Table, apply, pairs_of, written
from carnet.record.document import Status
from carnet.record.errors import CarnetError, Notice
from carnet.record.identity import Ins
from carnet.usecases.requests import DateField, DateFilter, DocumentQuery, TokenFilter

COUNT_LIMIT = 500
DEFAULT_COUNT = 50
_STATUSES = {"current": Status.APPROVED, "superseded": Status.DEPRECATED}
_ORDERS = {
    "date": DateField.CREATION,
    "period": DateField.PERIOD,
    "type": DateField.TYPE,
    "_lastUpdated": DateField.LAST_UPDATED,
}


class Draft:
    """A DocumentQuery while its parameters are read."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.patient: Ins | None = None
        self.record: str | None = None
        self.statuses: tuple[Status, ...] = (Status.APPROVED,)
        self.identifiers: tuple[tuple[str | None, str], ...] = ()
        self.ids: tuple[str, ...] = ()
        self.types: list[TokenFilter] = []
        self.categories: list[TokenFilter] = []
        self.labels: list[TokenFilter] = []
        self.dates: list[DateFilter] = []
        self.author_identifiers: list[TokenFilter] = []
        self.author_families: list[tuple[str, ...]] = []
        self.author_givens: list[tuple[str, ...]] = []
        self.archived: bool | None = None
        self.sort: tuple[tuple[DateField, bool], ...] = ((DateField.CREATION, True),)
        self.count = DEFAULT_COUNT
        self.only_count = False
        self.cursor: str | None = None

    def query(self, criteria: str) -> DocumentQuery:
        """The finished query. Raises ``parameter-required`` where nothing names the patient."""
        if self.patient and self.record:
            raise CarnetError("parameter-repeated", "patient", name="patient")
        if not (self.patient or self.record or self.identifiers or self.ids):
            raise CarnetError("parameter-required", "patient", name="patient")
        return DocumentQuery(
            patient=self.patient,
            record=self.record,
            statuses=self.statuses,
            identifiers=self.identifiers,
            ids=self.ids,
            types=tuple(self.types),
            categories=tuple(self.categories),
            security_labels=tuple(self.labels),
            dates=tuple(self.dates),
            author_identifiers=tuple(self.author_identifiers),
            author_families=tuple(self.author_families),
            author_givens=tuple(self.author_givens),
            archived=self.archived,
            sort=self.sort,
            count=0 if self.only_count else self.count,
            cursor=self.cursor,
            criteria=criteria,
        )


def _patient(draft: Draft, asked: Asked) -> None:
    draft.record = values.record_id(asked.value, asked.name, draft.base)


def _patient_identifier(draft: Draft, asked: Asked) -> None:
    draft.patient = values.ins(asked.value, asked.name)


def _status(draft: Draft, asked: Asked) -> None:
    wanted = values.alternatives(asked.value, asked.name)
    if not all(item in _STATUSES for item in wanted):
        values.refuse(asked.name, "« current » ou « superseded »", '"current" or "superseded"')
    draft.statuses = tuple(dict.fromkeys(_STATUSES[item] for item in wanted))


def _identifier(draft: Draft, asked: Asked) -> None:
    draft.identifiers = tuple(values.tokens(asked.value, asked.name))


def _ids(draft: Draft, asked: Asked) -> None:
    found = values.alternatives(asked.value, asked.name)
    if not all(values.ID.fullmatch(item) for item in found):
        values.refuse(asked.name, "un identifiant de ressource", "a resource id")
    draft.ids = tuple(found)


def _type(draft: Draft, asked: Asked) -> None:
    draft.types.append(values.coded(asked.value, asked.name, negate=asked.modifier == "not"))


def _category(draft: Draft, asked: Asked) -> None:
    draft.categories.append(values.coded(asked.value, asked.name, negate=asked.modifier == "not"))


def _label(draft: Draft, asked: Asked) -> None:
    draft.labels.append(values.coded(asked.value, asked.name))


def _creation(draft: Draft, asked: Asked) -> None:
    draft.dates.append(DateFilter(DateField.CREATION, *dates.parse_date(asked.value, asked.name)))


def _period(draft: Draft, asked: Asked) -> None:
    draft.dates.append(DateFilter(DateField.PERIOD, *dates.parse_date(asked.value, asked.name)))


def _author_identifier(draft: Draft, asked: Asked) -> None:
    draft.author_identifiers.append(values.identified(asked.value, asked.name))


def _author_family(draft: Draft, asked: Asked) -> None:
    draft.author_families.append(tuple(values.alternatives(asked.value, asked.name)))


def _author_given(draft: Draft, asked: Asked) -> None:
    draft.author_givens.append(tuple(values.alternatives(asked.value, asked.name)))


def _archived(draft: Draft, asked: Asked) -> None:
    draft.archived = values.boolean(asked.value, asked.name)


def _sort(draft: Draft, asked: Asked) -> None:
    order: dict[DateField, bool] = {}
    for part in values.alternatives(asked.value, asked.name):
        field = _ORDERS.get(part.removeprefix("-"))
        if field is None or field in order:
            values.refuse(
                asked.name,
                "date, period, type, _lastUpdated, chacun une fois, « - » pour l'ordre inverse",
                'date, period, type, _lastUpdated, each once, "-" for descending',
            )
        order[field] = part.startswith("-")
    draft.sort = tuple(order.items())


def _count(draft: Draft, asked: Asked) -> None:
    draft.count = values.number(asked.value, asked.name, COUNT_LIMIT)


def _total(_draft: Draft, asked: Asked) -> None:
    if asked.value not in ("none", "estimate", "accurate"):
        values.refuse(asked.name, "none, estimate ou accurate", "none, estimate or accurate")


def _summary(draft: Draft, asked: Asked) -> None:
    if asked.value not in ("count", "false"):
        values.refuse(asked.name, "count ou false", "count or false")
    draft.only_count = asked.value == "count"


def _cursor(draft: Draft, asked: Asked) -> None:
    draft.cursor = asked.value


DOCUMENTS: Table[Draft] = Table(
    {
        "patient": Param("reference", "The record, by Patient.id.", _patient),
        "patient.identifier": Param(
            "token", "The record, by INS: urn:oid:…|matricule.", _patient_identifier
        ),
        "status": Param("token", "current (default), superseded.", _status),
        "identifier": Param("token", "masterIdentifier, entryUUID or logicalId.", _identifier),
        "_id": Param("token", "Id of the entry; earlier ids are known too.", _ids),
        "type": Param("token", "Document type (J07).", _type, ("not",), once=False),
        "category": Param("token", "Document class (A03).", _category, ("not",), once=False),
        "security-label": Param(
            "token", "Confidentiality level or visibility code.", _label, once=False
        ),
        "date": Param("date", "When the document was made.", _creation, once=False),
        "creation": Param("date", "The same, by MHD's name.", _creation, once=False),
        "period": Param("date", "Time of the act documented.", _period, once=False),
        "author.identifier": Param(
            "token", "Identifier of an author.", _author_identifier, once=False
        ),
        "author.family": Param("string", "Start of an author's name.", _author_family, once=False),
        "author.given": Param(
            "string", "Start of an author's given name.", _author_given, once=False
        ),
        "isArchived": Param("token", "true: archived documents only.", _archived),
        "_sort": Param(
            "special", "date, period, type, _lastUpdated; - descending; default -date.", _sort
        ),
        "_count": Param("special", "Entries a page, 0 to 500, default 50; 0: total only.", _count),
        "_total": Param("special", "Any value: the total is always exact.", _total),
        "_summary": Param("special", "count: total only; false: as usual.", _summary),
        "_cursor": Param("special", "A page, as the links next and previous give it.", _cursor),
    },
    frozenset(
        {
            "format",
            "event",
            "facility",
            "setting",
            "related",
            "relatesto",
            "relatesTo",
            "relation",
            "period-start",
            "period-end",
            "description",
            "contenttype",
            "language",
            "custodian.identifier",
            "_lastUpdated",
            "_elements",
            "_include",
            "_revinclude",
        }
    ),
)


class DocumentSearch(msgspec.Struct, frozen=True):
    """A search as read: the query, what was left out, and the query string for the links."""

    query: DocumentQuery
    left_out: tuple[Notice, ...]
    link: str


@lru_cache(maxsize=2048)
def parse_documents(raw: str, base: str, lenient: bool) -> DocumentSearch:
    """The search of a query string; kept by query string, since software repeats its own.

    Raises as ``params.apply``.
    """
    asked = pairs_of(raw)
    draft = Draft(base)
    left_out = apply(DOCUMENTS, asked, draft, lenient)
    # Pages of one search say the same of themselves: a cursor is bound to the criteria.
    used = [item for item in asked if item.name in DOCUMENTS.params and item.name != "_cursor"]
    criteria = ",".join(sorted({item.name for item in used}))
    link = written(used)
    return DocumentSearch(draft.query(criteria), tuple(left_out), link)
