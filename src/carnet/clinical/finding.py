"""Searches of facts and of reports, a page at a time, and reading one by its id.

Every page is computed anew from the view: what a caller may not see neither shows nor counts, and
the trace names the documents whose facts stand on the page.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Sequence
from typing import NoReturn, TypeVar

import msgspec

from carnet.clinical.model import (
    REPORT,
    FactSearch,
    FoundFacts,
    FoundReports,
    Report,
    Source,
    Span,
    Told,
)
from carnet.clinical.rules import has_code
from carnet.clinical.service import open_view, release
from carnet.clinical.spans import matches, span_of
from carnet.clinical.store import Gathered, Named, gather, told_by
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.facts import Kind
from carnet.record.trace import Act
from carnet.usecases.cursors import Cursor, open_cursor, seal_cursor
from carnet.usecases.gate import Gate
from carnet.usecases.requests import DocumentQuery
from carnet.usecases.status import patient_id
from carnet.usecases.view import RecordView

_FACT_ID = re.compile(r"([0-9a-f]{32})\.[0-9a-f]{24}", re.ASCII)
_REPORT_ID = re.compile(r"([0-9a-f]{32})" + re.escape(REPORT), re.ASCII)
_Line = TypeVar("_Line", Told, Report)
_Edge = tuple[float | str, ...]


async def find_facts(gate: Gate, caller: Caller, search: FactSearch) -> FoundFacts:
    """A page of facts. Raises the refusals of the access rules, ``cursor-invalid``."""
    view = await open_view(gate, caller, search.patient, search.record, search.criteria)
    gathered = await gather(view, search.kinds)
    found = [one for one in gathered.told if _is_wanted(one, search)]
    page, following = _page(view, search, found, _fact_edge)
    await release(view, gathered.named(page), search.criteria)
    return FoundFacts(tuple(page), len(found), _patient(view), following, bool(gathered.cut))


async def find_reports(gate: Gate, caller: Caller, search: FactSearch) -> FoundReports:
    """A page of reports. Raises as ``find_facts``."""
    view = await open_view(gate, caller, search.patient, search.record, search.criteria)
    gathered = await gather(view, frozenset({Kind.RESULT}))
    found = [one for one in _reports(gathered) if _is_wanted_report(one, search)]
    page, following = _page(view, search, found, _report_edge)
    await release(view, _named(gathered, page), search.criteria)
    return FoundReports(tuple(page), len(found), _patient(view), following, bool(gathered.cut))


async def read_fact(gate: Gate, caller: Caller, fact_id: str) -> tuple[Told, str]:
    """One fact by its id, and the Patient.id of its record.

    Raises ``fact-absent`` for what does not exist, what is no longer told by a current document
    and what the caller may not read alike.
    """
    view, told = await _document(gate, caller, _FACT_ID, fact_id)
    for one in told:
        if one.id == fact_id:
            await _release_one(view, one.source)
            return one, _patient(view)
    return await _absent(view)


async def read_report(gate: Gate, caller: Caller, report_id: str) -> tuple[Report, str]:
    """One report by its id, and the Patient.id of its record. Raises as ``read_fact``."""
    view, told = await _document(gate, caller, _REPORT_ID, report_id)
    results = tuple(one for one in told if one.fact.kind is Kind.RESULT)
    if not results:
        return await _absent(view)
    await _release_one(view, results[0].source)
    return Report(results[0].source, results), _patient(view)


async def _document(
    gate: Gate, caller: Caller, form: re.Pattern[str], name: str
) -> tuple[RecordView, list[Told]]:
    match = form.fullmatch(name)
    if match is None:
        await gate.note("fact-absent")
        raise CarnetError("fact-absent")
    return await told_by(gate, caller, str(uuid.UUID(match[1])))


async def _release_one(view: RecordView, source: Source) -> None:
    row = await view.latest(uuid.UUID(source.document_id).bytes)
    if row is None or not row[1]:  # it was hidden at this very moment
        await _absent(view)
    else:
        await view.release(Act.READ_FACTS, (row[0],))


async def _absent(view: RecordView) -> NoReturn:
    await view.gate.trace_refusal(view, Act.READ_FACTS, "fact-absent")
    raise CarnetError("fact-absent")


def _is_wanted(told: Told, search: FactSearch) -> bool:
    fact = told.fact
    return (
        (fact.stage in search.stages) is not search.others
        and (not search.ids or told.id in search.ids)
        and all(has_code(fact.what, codes) for codes in search.codes)
        and _is_in(span_of(told), search.dates)
    )


def _is_wanted_report(report: Report, search: FactSearch) -> bool:
    source = report.source
    return (
        (not search.ids or report.id in search.ids)
        and all(any(code == source.type_code for _, code in one) for one in search.codes)
        and _is_in((source.started, source.started + 1), search.dates)
    )


def _is_in(held: tuple[float, float] | None, dates: Sequence[Span]) -> bool:
    """Whether dates are met; a fact without a date meets none."""
    return not dates or (held is not None and all(matches(one, *held) for one in dates))


def _reports(gathered: Gathered) -> list[Report]:
    """The results of each document, the newest document first."""
    of_document: dict[int, list[Told]] = {}
    for one in gathered.told:
        of_document.setdefault(one.source.entry_no, []).append(one)
    return [Report(told[0].source, tuple(told)) for told in of_document.values()]


def _named(gathered: Gathered, reports: Iterable[Report]) -> list[Named]:
    return [gathered.entries[one.source.entry_no] for one in reports]


def _fact_edge(told: Told) -> _Edge:
    return (-told.source.created, -told.source.entry_no, told.fact.number)


def _report_edge(report: Report) -> _Edge:
    return (-report.source.created, -report.source.entry_no, 0)


def _page(
    view: RecordView,
    search: FactSearch,
    found: Sequence[_Line],
    edge_of: Callable[[_Line], _Edge],
) -> tuple[list[_Line], str | None]:
    """The page that the cursor asks for, and the cursor of the next one."""
    key = view.gate.store.keys.journal_key
    bound = _bound(search)
    cursor = open_cursor(key, view.me, bound)
    rest = [one for one in found if cursor is None or edge_of(one) > cursor.edge]
    page = rest[: search.count]
    if not page or len(page) == len(rest):
        return page, None
    edge = Cursor(0, edge_of(page[-1]), 0, True)
    return page, seal_cursor(key, view.me, bound, edge)


def _bound(search: FactSearch) -> DocumentQuery:
    """What a cursor is bound to: the whole search."""
    said = msgspec.structs.replace(search, cursor=None)
    named = msgspec.json.encode(_sorted(said)).decode()
    return DocumentQuery(
        patient=search.patient,
        record=search.record,
        count=search.count,
        cursor=search.cursor,
        criteria=f"{search.name} {named}",
    )


def _sorted(search: FactSearch) -> list[object]:
    """A search in the same words each time: sets have no order."""
    return [
        sorted(value) if isinstance(value, frozenset) else value
        for value in msgspec.structs.astuple(search)
    ]


def _patient(view: RecordView) -> str:
    return patient_id(view.record.record_id)
