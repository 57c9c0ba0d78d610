"""The chains of a record: links, numbers, seals, and what the journal knows of them.

Links are hashes over ciphertext that anybody can compute: they show an altered row. The journal's
mentions are under a MAC: they show a chain that was cut, or recomputed by somebody without keys.
"""

from __future__ import annotations

import msgspec

from carnet.record.trace import GENESIS, Act, Chain, Outcome, Trace, link
from carnet.storage import journal, reads
from carnet.storage.sealing import SealBroken
from carnet.storage.statements import Row
from carnet.storage.tracing import open_trace
from carnet.storage.verify.journal import JournalReader
from carnet.storage.verify.look import Look
from carnet.storage.verify.model import damage
from carnet.storage.verify.scratch import Mention

_PAGE = 500

MAKING = frozenset({Act.SUBMIT, Act.CHANGE_VISIBILITY, Act.FLAG_ENDED})
"""Acts that make an entry, a new document or a new version of its metadata."""

TYING = frozenset(
    {
        Act.GRANT,
        Act.END_GRANT,
        Act.BLOCK,
        Act.UNBLOCK,
        Act.NAME_PHYSICIAN,
        Act.ATTEST_CONSENT,
    }
)
"""Acts that make a tie or end one."""


async def check_chains(look: Look, reader: JournalReader) -> None:
    """Walk both chains of a record."""
    mentions = look.context.scratch.mentions(look.record_id)
    walks = [_Walk(look, chain, [m for m in mentions if m.chain == chain]) for chain in Chain]
    for walk in walks:
        await walk.through()
        await walk.compare_end(reader)
    for walk in walks:
        for where, trace_id in walk.linked:
            if trace_id not in look.trace_ids[1 - walk.chain]:
                look.suspect(damage("verify-trace-unlinked", where))
    withheld = walks[Chain.WITHHELD].heads
    for where, commitment in walks[Chain.OPEN].commitments:
        seq, _, head = commitment.partition(":")
        if int(seq) and withheld.get(int(seq), b"").hex() != head:
            look.suspect(damage("verify-commitment-broken", where, seq=seq))


class _Walk:
    """One chain, from its first trace to its last."""

    def __init__(self, look: Look, chain: Chain, mentions: list[Mention]) -> None:
        self._look = look
        self.chain = chain
        self._mentions: dict[int, list[Mention]] = {}
        for mention in mentions:
            self._mentions.setdefault(mention.seq, []).append(mention)
        self._last = 0
        self._head = GENESIS
        self._rewritten = False
        self.heads: dict[int, bytes] = {}
        self.linked: list[tuple[str, bytes]] = []
        self.commitments: list[tuple[str, str]] = []

    async def through(self) -> None:
        """Read the chain in order and check each row."""
        fetch = self._look.context.store.traces.fetch
        record_id, chain = self._look.record_id, int(self.chain)
        while rows := await fetch(reads.CHAIN, record_id, chain, self._last, _PAGE):
            for row in rows:
                self._row(row)

    def _row(self, row: Row) -> None:
        seq, trace_id, sealed, head = row
        look = self._look
        if seq != self._last + 1:
            first, last = self._last + 1, seq - 1
            missing = str(first) if first == last else f"{first}-{last}"
            at = f"chain {int(self.chain)} seq {missing}"
            look.suspect(damage("verify-chain-gap", at, missing=missing))
        elif head != link(self._head, look.record_id, self.chain, seq, sealed):
            look.suspect(damage("verify-chain-link", self._where(seq)))
        self._last, self._head = seq, head
        if self.chain is Chain.WITHHELD:
            self.heads[seq] = head
        self._compare(seq, head)
        look.trace_ids[self.chain].add(trace_id)
        if look.sealer is not None:
            try:
                trace = open_trace(look.sealer, self.chain, trace_id, sealed)
            except (SealBroken, msgspec.DecodeError):
                look.traces_open = False
                look.suspect(damage("verify-trace-broken", self._where(seq)))
            else:
                self._read(seq, trace)

    def _compare(self, seq: int, head: bytes) -> None:
        """Hold a head to what the journal noted; tell the first difference only."""
        for mention in self._mentions.get(seq, ()):
            differs = mention.trusted and mention.link != head[: journal.LINK]
            if differs and not self._rewritten:
                self._rewritten = True
                self._look.suspect(damage("verify-chain-rewritten", self._where(seq), seq=seq))

    def _read(self, seq: int, trace: Trace) -> None:
        """Keep what other checks ask of the evidence."""
        look, where = self._look, self._where(seq)
        count = look.row.entry_count if look.row is not None else 0
        beyond = [number for number in trace.entries if not 0 < number <= count]
        if beyond:
            look.suspect(damage("verify-trace-beyond", where, entry=beyond[0]))
        if trace.linked is not None:
            self.linked.append((where, trace.linked))
        if trace.act is Act.FLAG_ENDED and trace.criteria:
            # An open trace that commits to the head of the withheld chain, "withheld:<seq>:<hex>".
            self.commitments.append((where, trace.criteria.removeprefix("withheld:")))
        if trace.outcome is Outcome.PERMITTED:
            if trace.act in MAKING:
                look.made.update(trace.entries)
            elif trace.act in TYING:
                look.tie_acts.append(trace)

    async def compare_end(self, reader: JournalReader) -> None:
        """Hold the end of the chain to the journal.

        The mentions were fetched before the chain was read, so none may be missing in it; what was
        appended since stands in rows of the journal that are read now.
        """
        look, last = self._look, self._last
        known = max(self._mentions, default=0)
        trusted = [seq for seq, found in self._mentions.items() if any(m.trusted for m in found)]
        most = max(trusted, default=0)
        if most > last:
            where = self._where(last + 1)
            look.suspect(damage("verify-chain-cut", where, seq=most, last=last))
        if known >= last or (look.context.partial and not known):
            return  # of a chain that did not move since, the end was checked then
        await reader.read_on()
        fresh = look.context.scratch.mentions(look.record_id)
        known = max((m.seq for m in fresh if m.chain == self.chain), default=0)
        if known < last:
            where = self._where(known + 1)
            look.suspect(damage("verify-chain-unjournaled", where, known=known))

    def _where(self, seq: int) -> str:
        return f"chain {int(self.chain)} seq {seq}"
