"""What happens to documents: sent again by somebody else, replaced, hidden, printed to PDF only."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Planned
from carnet.population.france.reading import frequencies
from carnet.population.model import Document, Laboratory
from carnet.population.scripts.reading import kinds

_SENT_AGAIN = (
    "consultation",
    "specialist-letter",
    "laboratory",
    "imaging",
    "emergency",
    "operation",
)
_VERSION_AFTER = timedelta(hours=3)
_PAPER = frozenset(
    {"laboratory", "prescription", "dispensation", "imaging", "vaccination", "discharge"}
)


class Mishaps:
    """Draws what happens to the documents of one record."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.chance = chart.chance.of("mishaps")
        self.often = frequencies().document

    def reserved(self, count: int) -> int:
        """How many of ``count`` documents are copies and new versions."""
        share = self.often["twice"] + self.often["replaced"]
        value = count * share
        return int(value) + self.chance.of("reserved").happens(value - int(value))

    def sources(self, planned: Iterable[Planned], wanted: int) -> list[Planned]:
        """Documents that may be sent again or replaced, ``wanted`` at most."""
        limit = self.chart.last - timedelta(days=25)
        fit = [
            one
            for one in planned
            if one.kind in _SENT_AGAIN
            and one.at.date() <= limit
            and one.author != self.chart.person.key
            and not one.visibility
        ]
        return self.chance.of("sources").shuffled(fit)[:wanted]

    def again(self, documents: list[Document], keys: list[str]) -> list[Document]:
        """All documents with the copies and the new versions of some."""
        more = [self._again(o, self.chance.of("again", o.key)) for o in documents if o.key in keys]
        return sorted([*documents, *more], key=lambda one: (one.at, one.key))

    def _again(self, one: Document, chance: Chance) -> Document:
        """A corrected report where it can be one, else a copy from another sender."""
        share = self.often["replaced"] / (self.often["twice"] + self.often["replaced"])
        if isinstance(one.content, Laboratory) and chance.happens(share * 3):
            return self._version(one)
        gp = self.chart.care.gp
        sender = gp if one.author != gp else self.chart.care.key("internist")
        at = one.at + timedelta(days=chance.between(2, 18), minutes=7)
        return msgspec.structs.replace(
            one,
            key=self.chart.unique(f"{one.key}-copie"),
            at=at,
            copy_of=one.key,
            sender=sender,
            hidden=None,
        )

    def _version(self, one: Document) -> Document:
        content = one.content
        note = "Version complétée après validation : annule et remplace la précédente."
        assert isinstance(content, Laboratory)  # noqa: S101 - narrowed by the caller
        comment = note if content.comment is None else f"{content.comment} {note}"
        return msgspec.structs.replace(
            one,
            key=self.chart.unique(f"{one.key}-v2"),
            at=one.at + _VERSION_AFTER,
            content=msgspec.structs.replace(content, comment=comment),
            replaces=one.key,
        )

    def as_paper(self, planned: Planned) -> bool:
        """Whether a structured document is sent as a PDF alone."""
        if planned.kind not in _PAPER or not kinds()[planned.kind].content:
            return False
        return self.chance.of("paper", planned.key).happens(self.often["as-pdf"])

    def hidden(self, planned: Planned, *, hides: bool) -> datetime | None:
        """When the citizen hid a document: few do, of what is delicate."""
        chance = self.chance.of("hidden", planned.key)
        delicate = planned.is_letter and planned.author != self.chart.person.key
        if not hides or not delicate or planned.visibility or not chance.happens(0.25):
            return None
        at = planned.at + timedelta(days=chance.between(3, 200), hours=2)
        return at if at.date() <= self.chart.last else None
