"""What a life already holds when one of its documents is written; looked up without searching.

A life may have thousands of documents, and each asks for those before it: earlier results, the
prescription that a pharmacy answers, vaccinations. Everything is indexed once for a life.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from carnet.population import model

_ADMITTED = timedelta(days=1)  # how long before a stay a visit to the emergency room belongs to it


class Past(msgspec.Struct, frozen=True, order=True):
    """A value as it was reported, and when the blood was drawn."""

    at: datetime
    value: str
    document: str


class Records:
    """The documents of one life by key, and what they say by date.

    A copy adds nothing, and a version that another replaced counts until it was replaced.
    """

    def __init__(self, life: model.Life) -> None:
        self.by_key = {one.key: one for one in life.documents}
        self.replaced = {one.replaces: one for one in life.documents if one.replaces}
        self._results: dict[str, list[Past]] = {}
        self._vaccinations: list[tuple[datetime, str]] = []
        self._stays: list[tuple[datetime, str]] = []
        self._by_author: dict[str, list[datetime]] = {}
        for one in life.documents:
            if one.copy_of is None:
                self._index(one)

    def _index(self, one: model.Document) -> None:
        insort(self._by_author.setdefault(one.author, []), one.at)
        if isinstance(one.content, model.Laboratory):
            for value in one.content.values:
                found = Past(one.at, value.value, one.key)
                insort(self._results.setdefault(value.analysis, []), found)
        elif isinstance(one.content, model.Vaccination):
            insort(self._vaccinations, (one.at, one.key))
        elif one.kind == "emergency" or one.stay:
            insort(self._stays, (one.at, one.key))

    def document(self, key: str) -> model.Document | None:
        """The document of that key."""
        return self.by_key.get(key)

    def is_current(self, key: str, at: datetime) -> bool:
        """Whether no later version of that document was there at a moment."""
        later = self.replaced.get(key)
        return later is None or later.at > at

    def versions_of(self, document: model.Document) -> Iterator[str]:
        """The keys of a document and of the versions that it replaces."""
        one: model.Document | None = document
        while one is not None:
            yield one.key
            one = None if one.replaces is None else self.document(one.replaces)

    def earlier(self, document: model.Document, analysis: str) -> Iterator[Past]:
        """The results of an analysis before that document, the latest first."""
        own = set(self.versions_of(document))
        known = self._results.get(analysis, [])
        for number in range(bisect_left(known, Past(document.at, "", "")) - 1, -1, -1):
            found = known[number]
            if found.document not in own and self.is_current(found.document, document.at):
                yield found

    def vaccinations(self, until: datetime) -> tuple[model.Document, ...]:
        """The notes of vaccinations up to a moment, the oldest first."""
        return tuple(
            self.by_key[key]
            for at, key in self._vaccinations
            if at <= until and self.is_current(key, until)
        )

    def last_by(self, author: str, at: datetime) -> datetime | None:
        """When somebody wrote last before a moment."""
        written = self._by_author.get(author, [])
        number = bisect_left(written, at)
        return written[number - 1] if number else None

    def before_stay(self, start: datetime) -> Iterable[model.Document]:
        """Stays that ended and emergencies that were seen within the day before a stay began."""
        first = bisect_left(self._stays, (start - _ADMITTED, ""))
        for at, key in self._stays[first:]:
            if at.date() > start.date():
                return
            yield self.by_key[key]
