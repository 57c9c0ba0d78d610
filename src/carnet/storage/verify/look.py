"""One look at one record: all its rows, and what the parts of the check find out as they go."""

from __future__ import annotations

import msgspec

from carnet.record.document import DocumentEntry
from carnet.record.trace import Trace
from carnet.storage import reads
from carnet.storage.arranged import ALL_SEEN, ARRANGEMENT, ARRANGEMENTS, SEEN
from carnet.storage.entries import EntryRow
from carnet.storage.pages import Slot
from carnet.storage.sealed import SealedIdentity, SealedTie
from carnet.storage.sealing import Sealer
from carnet.storage.statements import Row
from carnet.storage.verify import reads as own
from carnet.storage.verify.context import Context
from carnet.storage.verify.model import Suspicion


class RecordRow(msgspec.Struct, frozen=True, array_like=True):
    """A row of ``record``, all its columns in order."""

    record_id: bytes
    state: int
    version: int
    entry_count: int
    event_count: int
    settings: int
    updated_day: int
    sealed: bytes


class Look:
    """The rows of a record as read once. The checks fill in what they opened."""

    def __init__(self, context: Context, record_id: bytes) -> None:
        self.context = context
        self.record_id = record_id
        self.sealer: Sealer | None = None
        self.row: RecordRow | None = None
        self.identity_rows: list[Row] = []
        self.tie_rows: list[Row] = []
        self.parts: list[Row] = []
        self.entries: dict[int, EntryRow] = {}
        self.entry_actors: dict[int, set[bytes]] = {}
        self.pages: list[Row] = []
        self.derived: list[Row] = []
        self.arranged: list[tuple[bytes, bytes, bytes]] = []
        self.submissions: list[Row] = []
        self.awaited: list[Row] = []
        self.events: list[Row] = []
        # What is found out:
        self.found: list[Suspicion] = []
        self.identities: list[SealedIdentity] = []
        self.identity_acts = 0
        self.ties: list[tuple[Row, SealedTie]] = []
        self.slots: dict[int, Slot] = {}
        self.metadata: dict[bytes, DocumentEntry] = {}
        self.made: set[int] = set()
        self.tie_acts: list[Trace] = []
        self.trace_ids: tuple[set[bytes], set[bytes]] = (set(), set())
        self.traces_open = True
        self.lines: dict[str, int] = {}

    def suspect(self, *suspicions: Suspicion) -> None:
        """Note what looks wrong."""
        self.found.extend(suspicions)

    @property
    def has_rows(self) -> bool:
        """Whether anything but the record's own row is left of it in the main database."""
        return bool(self.entries or self.identity_rows or self.tie_rows or self.pages)

    async def read(self) -> None:
        """Read all rows but traces; the record's own first."""
        fetch, record_id = self.context.store.main.fetch, self.record_id
        rows = await fetch(reads.RECORD, record_id)
        self.row = RecordRow(*rows[0]) if rows else None
        self.identity_rows = await fetch(reads.IDENTITIES, record_id)
        self.tie_rows = await fetch(reads.TIES, record_id)
        self.parts = await fetch(own.PARTS_OF_RECORD, record_id)
        self.entries = {
            row.entry_no: row
            for row in (EntryRow(*values) for values in await fetch(reads.ALL_ENTRIES, record_id))
        }
        for _, actor, entry_no in await fetch(reads.ALL_ENTRY_ACTORS, record_id):
            self.entry_actors.setdefault(entry_no, set()).add(actor)
        self.pages = await fetch(reads.ALL_PAGES, record_id)
        self.derived = await fetch(reads.ALL_DERIVED, record_id)
        self.arranged = [
            (ARRANGEMENT, key, sealed) for key, _, sealed in await fetch(ARRANGEMENTS, record_id)
        ]
        self.arranged += [(SEEN, key, sealed) for key, sealed in await fetch(ALL_SEEN, record_id)]
        self.submissions = await fetch(reads.ALL_SUBMISSIONS, record_id)
        self.awaited = await fetch(own.AWAITED_OF_RECORD, record_id)
        self.events = await fetch(own.EVENTS_OF_RECORD, record_id)
