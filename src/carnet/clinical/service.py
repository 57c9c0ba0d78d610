"""The facts of a record, its summary and its results over time, each computed from a view.

``facts``, ``summary`` and ``results`` take a view of ``Action.READ`` and give, beside their answer,
the entries that a trace must name: who uses them releases the view (``release``) before any byte
leaves. ``read_facts``, ``read_summary`` and ``read_results`` do all of it for one act.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Sequence

import msgspec

from carnet.clinical.model import HEADINGS, FactQuery, Series, Summary, Told
from carnet.clinical.rules import has_code, parts_of
from carnet.clinical.series import KINDS, mixes_units, series_of
from carnet.clinical.store import Gathered, Named, gather
from carnet.clinical.units import is_loaded, load
from carnet.record.access import Action
from carnet.record.caller import Caller
from carnet.record.facts import Kind
from carnet.record.identity import Ins
from carnet.record.trace import Act
from carnet.record.uuids import uuid_text
from carnet.usecases.gate import Gate
from carnet.usecases.scope import record_of
from carnet.usecases.view import RecordView

Codes = Sequence[tuple[str | None, str]]


class FactsAnswer(msgspec.Struct, frozen=True):
    """Facts, the newest document first. ``cut`` are ids of documents that say more than is kept."""

    told: tuple[Told, ...]
    named: tuple[Named, ...]
    cut: tuple[str, ...] = ()


class SummaryAnswer(msgspec.Struct, frozen=True):
    """A summary, and the entries that its trace names."""

    summary: Summary
    named: tuple[Named, ...]


class ResultsAnswer(msgspec.Struct, frozen=True):
    """Results over time, and the entries that their trace names."""

    series: tuple[Series, ...]
    named: tuple[Named, ...]
    cut: tuple[str, ...] = ()


async def facts(
    view: RecordView,
    *,
    kinds: Collection[Kind] | None = None,
    codes: Codes = (),
    since: float | None = None,
) -> FactsAnswer:
    """The facts of some kinds (None: all), with one of ``codes``, from ``since`` (s) on.

    A fact without a date counts from when its document's act began. Raises ``record-damaged``.
    """
    gathered = await gather(view, kinds)
    told = tuple(_matching(gathered.told, codes, since))
    return FactsAnswer(told, tuple(gathered.named(told)), _cut(gathered))


async def summary(view: RecordView) -> SummaryAnswer:
    """Allergies, problems, treatments, vaccinations, pregnancies and devices, with their sources.

    Raises ``record-damaged``.
    """
    gathered = await gather(view, frozenset(HEADINGS.values()))
    found = Summary(parts_of(gathered.told), _cut(gathered))
    return SummaryAnswer(found, tuple(gathered.named(gathered.told)))


async def results(
    view: RecordView,
    *,
    kinds: Collection[Kind] = KINDS,
    codes: Codes = (),
    since: float | None = None,
) -> ResultsAnswer:
    """Results and vital signs over time. Raises ``record-damaged``."""
    gathered = await gather(view, kinds)
    told = list(_matching(gathered.told, codes, since))
    if not is_loaded() and mixes_units(told):
        await asyncio.to_thread(load)
    return ResultsAnswer(series_of(told), tuple(gathered.named(told)), _cut(gathered))


def _matching(told: Iterable[Told], codes: Codes, since: float | None) -> Iterable[Told]:
    for one in told:
        if codes and not has_code(one.fact.what, codes):
            continue
        if since is None or one.moment[0] >= since:
            yield one


def _cut(gathered: Gathered) -> tuple[str, ...]:
    return tuple(uuid_text(gathered.entries[number].entry_uuid) for number in sorted(gathered.cut))


async def open_view(
    gate: Gate, caller: Caller, patient: Ins | None, record: str | None, criteria: str
) -> RecordView:
    """The view that facts are computed from. Raises the refusals of the access rules, traced."""
    record_id = await record_of(gate, caller, patient, record)
    return await gate.consult(caller, record_id, Action.READ, Act.READ_FACTS, criteria=criteria)


async def release(view: RecordView, named: Sequence[Named], criteria: str) -> None:
    """Make the trace of what was read durable, naming the documents that said it."""
    await view.release(Act.READ_FACTS, named, criteria=criteria)


async def read_facts(gate: Gate, caller: Caller, query: FactQuery) -> FactsAnswer:
    """Facts for one caller, traced. Raises the refusals of the access rules."""
    view = await open_view(gate, caller, query.patient, query.record, query.criteria)
    answer = await facts(view, kinds=query.kinds, codes=query.codes, since=query.since)
    await release(view, answer.named, query.criteria)
    return answer


async def read_summary(gate: Gate, caller: Caller, query: FactQuery) -> Summary:
    """The summary for one caller, traced. Raises the refusals of the access rules."""
    view = await open_view(gate, caller, query.patient, query.record, query.criteria)
    answer = await summary(view)
    await release(view, answer.named, query.criteria)
    return answer.summary


async def read_results(gate: Gate, caller: Caller, query: FactQuery) -> ResultsAnswer:
    """Results over time for one caller, traced. Raises the refusals of the access rules."""
    view = await open_view(gate, caller, query.patient, query.record, query.criteria)
    kinds = query.kinds & KINDS
    answer = await results(view, kinds=kinds, codes=query.codes, since=query.since)
    await release(view, answer.named, query.criteria)
    return answer
