"""What a record's life should be, written from docs/access.md alone: small and slow.

It holds one record, its documents and ties, and says of each caller what they may see and do and
which traces that leaves. Nothing here uses Carnet's rules; the test beside it compares the two.
"""

from __future__ import annotations

import calendar
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime

OPEN, WITHHELD = "open", "withheld"
DOCTOR_ONLY = "68599-0"
MATRIX = {
    "doctor": {"11488-4", "11502-2", DOCTOR_ONLY, "EXPPAT_2"},
    "nurse": {"11488-4", "11502-2", "EXPPAT_2"},
    "optician": {"not fed here"},
    "psychologist": set(),
}
"""Columns of the packaged matrix, for the types that the test feeds; one opens nothing at all."""


@dataclass(frozen=True)
class Who:
    """A caller: ``key`` names the person, ``house`` where they work, ``mode`` how they ask."""

    key: str
    kind: str  # citizen, professional, structure
    profession: str = ""
    house: str = ""
    mode: str = "normal"  # break-glass, regulation
    own: bool = False


@dataclass
class Doc:
    """A document: who wrote it (the citizen: ``citizen``), for which house, its flags."""

    author: str
    house: str
    kind: str
    deposited: int
    current: bool = True
    masked: bool = False
    patient_until: int = 0
    from_representatives: bool = False

    def withheld(self, now: int) -> bool:
        """Whether what is done to it goes into the withheld chain."""
        return self.patient_until > now or self.from_representatives


@dataclass
class Tie:
    """A tie with somebody, dated; ``end`` 0 is no end."""

    kind: str
    actor: str
    start: int
    end: int = 0

    def holds(self, now: int) -> bool:
        """Whether it is in force."""
        return self.start <= now and not (self.end and self.end <= now)


@dataclass
class Record:
    """One record: its state, documents and ties, and how many traces its chains must hold."""

    is_minor: bool
    now: int
    closed: bool = False
    docs: list[Doc] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    traces: Counter[str] = field(default_factory=Counter)

    # Ties

    def held(self, who: Who, kind: str, *, person_only: bool = False) -> list[Tie]:
        """The ties of a kind with this caller that are in force."""
        named = {who.key} if person_only else {who.key, who.house} - {""}
        if who.kind == "structure":
            named = {who.house}
        return [
            tie
            for tie in self.ties
            if tie.kind == kind and tie.actor in named and tie.holds(self.now)
        ]

    def blocked(self, who: Who) -> bool:
        """A professional or structure that the citizen shut out."""
        return who.kind != "citizen" and bool(self.held(who, "block"))

    def is_physician(self, who: Who) -> bool:
        """A médecin traitant: a doctor, tied as a person."""
        return who.profession == "doctor" and bool(self.held(who, "physician", person_only=True))

    def consented(self, who: Who) -> bool:
        """A consent that no refusal outdoes: a refusal by name yields to a later one by name."""
        refusals = self.held(who, "refusal", person_only=True)
        return any(
            all(tie.actor == who.key and tie.start > one.start for one in refusals)
            for tie in self.held(who, "authorisation")
        )

    def represents(self, who: Who) -> bool:
        """A delegate of the citizen."""
        return who.kind == "citizen" and not who.own and bool(self.held(who, "delegate"))

    # Reading

    def wrote(self, who: Who, doc: Doc) -> bool:
        """The professional who wrote it, the structure for which it was written, the citizen."""
        if who.kind == "structure":
            return doc.house == who.house
        return doc.author == who.key

    def enters(self, who: Who) -> bool:
        """Whether a search of the record is permitted at all."""
        if who.kind == "citizen":
            return who.own or (self.represents(who) and not self.closed)
        if self.closed or self.blocked(who):
            return False
        if who.kind == "structure" or self.is_physician(who):
            return who.mode == "normal" or who.kind != "structure"
        writer = who.mode == "normal" and any(doc.author == who.key for doc in self.docs)
        return writer or self.reads_others(who)

    def reads_others(self, who: Who) -> bool:
        """A professional who may read what the matrix opens to them."""
        if who.kind != "professional" or not MATRIX[who.profession]:
            return False
        if who.mode == "break-glass":
            return True
        if who.mode == "regulation":
            return who.profession == "doctor"
        return self.consented(who)

    def sees(self, who: Who, doc: Doc) -> bool:
        """Whether this document stands in what the caller finds."""
        if not self.enters(who):
            return False
        if self.wrote(who, doc):
            return True
        if who.kind == "structure":
            return False
        if who.kind == "citizen":
            waits = doc.patient_until > self.now
            return not waits and not (doc.from_representatives and not who.own)
        if self.is_physician(who):
            return True
        opened = doc.kind in MATRIX[who.profession] and self.reads_others(who)
        return opened and not doc.masked

    def found(self, who: Who) -> set[int] | None:
        """The numbers of the current documents that a search gives; None where it is refused."""
        if not self.enters(who):
            return None
        return {n for n, doc in enumerate(self.docs) if doc.current and self.sees(who, doc)}

    # Changing

    def may_mask(self, who: Who, doc: Doc, *, hide: bool) -> bool:
        """Hide from professionals, or show again; the caller sees the document already."""
        if who.kind == "citizen":
            return who.own and not self.closed
        if who.mode != "normal" or self.closed:
            return False
        if who.kind == "structure":
            return hide and self.wrote(who, doc)
        return self.is_physician(who) or self.wrote(who, doc) or self.reads_others(who)

    def may_wait(self, who: Who, doc: Doc) -> bool:
        """Hide from the patient until announced: the author's side."""
        if who.kind == "citizen" or self.closed or who.mode != "normal":
            return False
        return self.wrote(who, doc) or (bool(doc.house) and doc.house == who.house)

    def may_feed(self, who: Who) -> bool:
        """Professionals and structures feed unless blocked; the citizen their own."""
        return not self.closed and not self.blocked(who)

    # Traces

    def trace(self, docs: list[Doc], *, search: bool = False, together: bool = False) -> None:
        """Count the traces of a permitted act that names these documents."""
        kept = [doc.withheld(self.now) for doc in docs]
        if together and any(kept):
            kept = [True] * len(kept)
        if any(kept):
            self.traces[WITHHELD] += 1
            if all(kept) and not search:
                return
        self.traces[OPEN] += 1

    def refuse(self, doc: Doc | None = None) -> None:
        """Count the trace of a refusal, in the chain of the document that it is about."""
        self.traces[WITHHELD if doc is not None and doc.withheld(self.now) else OPEN] += 1


def a_month_after(moment: int) -> int:
    """The same day of the next month, or its last."""
    at = datetime.fromtimestamp(moment, UTC)
    year, month = (at.year + 1, 1) if at.month == 12 else (at.year, at.month + 1)
    last = calendar.monthrange(year, month)[1]
    return int(at.replace(year=year, month=month, day=min(at.day, last)).timestamp())
