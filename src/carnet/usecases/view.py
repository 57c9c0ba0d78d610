"""What the gate hands out: a record as one caller may see it for one act.

Every list, count, page and trace of a consultation is computed from a view. Rights are terms of
the query; an entry that the terms do not admit is not there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from carnet.record.access import Action, Decision, EntryFacts, RecordFacts, decide
from carnet.record.caller import Caller
from carnet.record.document import Flags
from carnet.record.errors import CarnetError
from carnet.record.trace import Act, Chain, Outcome
from carnet.storage import entries
from carnet.storage.batch import Batch, SealedTrace
from carnet.storage.entries import EntryRow, Listed, SightTerms, terms_of
from carnet.storage.pages import Slot
from carnet.storage.records import LoadedRecord
from carnet.storage.sealing import Sealer
from carnet.storage.tracing import seal_trace

if TYPE_CHECKING:
    from carnet.usecases.gate import Gate

MANY = 2000  # entries from which on a record is listed beside the others' requests
_SCATTERED = 4  # pages that are worth a query each where fewer than one in so many is wanted
MOST_TRACED = 500  # entry numbers that one trace names (design §2)
_ALWAYS_OPEN = (Act.FIND, Act.READ_FACTS)
"""Acts on a whole record: that they were done stands in the open chain, whatever they returned."""


def is_withheld(row: EntryRow | Listed | Slot, now: int) -> bool:
    """Whether a trace that names this entry belongs in the withheld chain (design §2)."""
    return row.patient_until > now or bool(row.hidden_reps)


def _agree(item: Listed, slot: Slot) -> bool:
    return (
        item.entry_uuid == slot.entry_uuid
        and item.hidden_ps == slot.hidden_ps
        and item.hidden_reps == slot.hidden_reps
        and item.patient_until == slot.patient_until
        and item.type_code == slot.type_code
        and item.status == slot.status
    )


class RecordView(msgspec.Struct, frozen=True):
    """A record under the rights of a caller. ``now`` is in seconds since 1970 UTC."""

    gate: Gate
    caller: Caller
    record: LoadedRecord
    facts: RecordFacts
    decision: Decision
    sealer: Sealer
    me: bytes
    our_structure: bytes
    now: int

    @property
    def terms(self) -> SightTerms:
        """The caller's sight as terms of a query."""
        return terms_of(self.decision.sight, self.me, self.now)

    async def listed(self, status_from: int, status_to: int) -> list[Listed]:
        """The entries of a range of statuses that the caller sees, unopened."""
        ask = entries.list_all_of_many if self.is_great else entries.list_entries
        return await ask(self.gate.store, self.record.record_id, self.terms, status_from, status_to)

    @property
    def is_great(self) -> bool:
        """Whether the record has thousands of entries."""
        return self.record.entry_count > MANY

    async def newest(self, statuses: set[int], count: int) -> tuple[int, list[Listed]]:
        """How many entries of these statuses the caller sees, and those of the newest days.

        As many whole days as hold ``count`` entries: enough to order the first ``count``.
        """
        store, record_id, terms = self.gate.store, self.record.record_id, self.terms
        span = min(statuses), max(statuses)
        days: Counter[int] = Counter()
        for status, day, number in await entries.count_by_day(store, record_id, terms, *span):
            if status in statuses:
                days[day] += number
        total = days.total()
        if not total or not count:
            return total, []
        found, since = 0, 0
        for since in sorted(days, reverse=True):
            found += days[since]
            if found >= count:
                break
        listed = await entries.list_since(store, record_id, terms, *span, since)
        return total, [item for item in listed if item.status in statuses]

    async def slots(self, wanted: Sequence[Listed]) -> dict[int, Slot]:
        """The rendered slots of listed entries, by entry number."""
        if not wanted:
            return {}
        numbers = {item.entry_no for item in wanted}
        pages = {item.page_no for item in wanted}
        first, last = min(pages), max(pages)
        if last - first > _SCATTERED * len(pages):
            opened: dict[int, list[Slot]] = {}
            for page in pages:
                opened |= await entries.open_pages(self.gate.store, self.sealer, page, page)
        else:
            opened = await entries.open_pages(self.gate.store, self.sealer, first, last)
        slots = {
            slot.entry_no: slot
            for page in opened.values()
            for slot in page
            if slot.entry_no in numbers
        }
        # The flags that let an entry through must be those that were sealed with it.
        for item in wanted:
            slot = slots.get(item.entry_no)
            if slot is None or not _agree(item, slot):
                raise CarnetError("record-damaged")
        return slots

    async def latest(self, logical_id: bytes) -> tuple[EntryRow, bool] | None:
        """The current version of a document, and whether the caller sees it."""
        return await entries.latest_of_document(
            self.gate.store, self.record.record_id, logical_id, self.terms
        )

    async def may(self, action: Action, row: EntryRow) -> Decision:
        """Whether the caller may do something to one entry."""
        facts = EntryFacts(
            type_code=row.type_code,
            flags=Flags(bool(row.hidden_ps), row.patient_until, bool(row.hidden_reps)),
            is_author=await self._wrote(row),
            by_caller_structure=row.structure == self.our_structure,
            by_patient=await self._by_patient(row),
        )
        gate = self.gate
        return decide(
            self.caller,
            await self.facts_for(action),
            action,
            facts,
            now=self.now,
            matrix=gate.matrix,
            settings=gate.policy.access,
        )

    async def facts_for(self, action: Action) -> RecordFacts:
        """The facts of the record; the third flag asks for the citizen's age, whoever sets it."""
        if action is not Action.HIDE_FROM_REPRESENTATIVES or self.facts.age is not None:
            return self.facts
        return msgspec.structs.replace(self.facts, age=await self.gate.age(self.sealer))

    async def _wrote(self, row: EntryRow) -> bool:
        if self.me in (row.author, row.structure):
            return True
        return await entries.wrote(self.gate.store, self.record.record_id, row.entry_no, self.me)

    async def _by_patient(self, row: EntryRow) -> bool:
        """Whether the citizen of this record wrote the entry: no structure stands behind it."""
        return row.author in await self.gate.patient_hashes(self.sealer)

    def traces(
        self,
        act: Act,
        named: Iterable[EntryRow | Listed | Slot] = (),
        *,
        outcome: Outcome = Outcome.PERMITTED,
        reason: str | None = None,
        criteria: str | None = None,
        together: bool = False,
    ) -> tuple[SealedTrace, ...]:
        """The sealed trace of an act, or two linked ones where it touches both kinds of entry.

        ``together``: the entries are versions of one document, and one that is withheld withholds
        the act, which would tell of it otherwise.
        """
        open_numbers: list[int] = []
        withheld_numbers: list[int] = []
        for row in named:
            kept = withheld_numbers if is_withheld(row, self.now) else open_numbers
            kept.append(row.entry_no)
        if together and withheld_numbers:
            withheld_numbers, open_numbers = sorted(open_numbers + withheld_numbers), []
        why = reason or str(self.decision.reason)
        gate = self.gate
        made: list[SealedTrace] = []
        linked = None
        if withheld_numbers:
            trace = gate.trace(
                self.caller,
                act,
                outcome,
                entries=tuple(withheld_numbers[:MOST_TRACED]),
                reason=why,
                criteria=criteria,
            )
            made.append(seal_trace(self.sealer, Chain.WITHHELD, trace))
            if not open_numbers and act not in _ALWAYS_OPEN:
                return tuple(made)
            linked = trace.id
        trace = gate.trace(
            self.caller,
            act,
            outcome,
            entries=tuple(open_numbers[:MOST_TRACED]),
            reason=why,
            criteria=criteria,
            linked=linked,
        )
        made.append(seal_trace(self.sealer, Chain.OPEN, trace))
        return tuple(made)

    async def release(
        self,
        act: Act,
        named: Iterable[EntryRow | Listed | Slot] = (),
        *,
        criteria: str | None = None,
    ) -> None:
        """Make the trace of a reading durable; only then may its bytes leave.

        Where more entries are to be named than one trace holds, several traces name them.
        """
        rows = list(named)
        traces = self.traces(act, rows[:MOST_TRACED], criteria=criteria)
        for begin in range(MOST_TRACED, len(rows), MOST_TRACED):
            more = rows[begin : begin + MOST_TRACED]
            traces += self.traces(act, more, criteria=criteria)
        await self.gate.write(Batch(self.record.record_id, traces=traces))
