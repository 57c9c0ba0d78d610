"""The node's journal: its MAC chain, its gaps, and the heads of chains that it mentions."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from carnet.storage import journal, reads
from carnet.storage.statements import Row
from carnet.storage.verify import reads as own
from carnet.storage.verify.context import Context
from carnet.storage.verify.model import Progress, Suspicion, damage
from carnet.storage.verify.scratch import Mention

_PAGE = 500


class _Place(msgspec.Struct):
    """How far a stream has been read: the last row's number and MAC, as stored and as computed."""

    seq: int
    stored: bytes
    computed: bytes


class JournalReader:
    """Reads all streams to their end, and later what was added since."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._key = context.store.keys.journal_key
        self._places: dict[bytes, _Place] = {}
        self._rows = 0
        self.later: list[Suspicion] = []
        """What was wrong with rows that were read after the first time."""

    def begin_after(self, stream: bytes, seq: int, mac: bytes) -> None:
        """Take a stream as read up to a row that is known from elsewhere."""
        self._places[stream] = _Place(seq, mac, mac)

    async def read_on(self) -> None:
        """Read what was added since; what is wrong with it is kept for the end."""
        self.later += await self.catch_up()

    async def catch_up(self, progress: Progress | None = None) -> list[Suspicion]:
        """Read what was not read yet, remember its mentions, give what is wrong with it."""
        found: list[Suspicion] = []
        traces = self._context.store.traces
        stream = b""
        while streams := await traces.fetch(own.NEXT_STREAM, stream):
            stream = streams[0][0]
            place = self._places.setdefault(stream, _Place(0, journal.GENESIS, journal.GENESIS))
            while rows := await traces.fetch(reads.JOURNAL, stream, place.seq, _PAGE):
                for row in rows:
                    found += self._row(stream, place, row)
                self._rows += len(rows)
                if progress is not None:
                    progress("journal", self._rows)
        return found

    def _row(self, stream: bytes, place: _Place, row: Row) -> Iterator[Suspicion]:
        seq, at, packed, stored = row
        where = f"stream {stream_name(stream)} seq {seq}"
        follows = seq == place.seq + 1
        if not follows:
            missing = _range(place.seq + 1, seq - 1)
            at_gap = f"stream {stream_name(stream)} seq {missing}"
            yield damage("verify-journal-gap", at_gap, missing=missing)
        # A row is also good after the MAC that the row before it should have had.
        macs = [
            journal.mac(self._key, previous, stream, seq, max(at, 0), packed)
            for previous in dict.fromkeys((place.stored, place.computed))
        ]
        trusted = follows and at >= 0 and stored in macs
        if follows and not trusted:
            yield damage("verify-journal-mac", where)
        place.seq, place.stored = seq, stored
        place.computed = stored if trusted or not follows else macs[0]
        try:
            body = journal.decode(packed)
        except msgspec.DecodeError:
            yield damage("verify-journal-unreadable", where)
            return
        self._context.scratch.add_mentions(
            Mention(head.record_id, head.chain, head.seq, head.link, trusted) for head in body.heads
        )


def stream_name(stream: bytes) -> str:
    """A stream's name in words: itself where it is text, else its hex digits."""
    text = stream.decode("ascii", "replace")
    return text if text.isprintable() and "\ufffd" not in text else stream.hex()


def _range(first: int, last: int) -> str:
    return str(first) if first >= last else f"{first}-{last}"
