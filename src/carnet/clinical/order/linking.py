"""Documents that are one thing: copies, versions, what a pharmacy gave for a prescription."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from carnet.clinical.order.folds import copies_of
from carnet.clinical.order.model import Paper

_ANSWERED = 10  # days within which a pharmacy answers a prescription that it does not name
_RESTING = frozenset({"stay", "operation"})  # sorts that tell of all their days


class Unit:
    """Documents that stay together whatever else is said of them, oldest first.

    ``about`` is the topic that it belongs to, empty until it is known; ``taken`` whether it has a
    place in an episode.
    """

    __slots__ = ("about", "author", "day", "head", "hinted", "last", "lines", "named", "papers")

    def __init__(self, papers: Sequence[Paper]) -> None:
        self.papers = tuple(papers)
        self.head = papers[0]
        self.day = self.head.day
        self.author = self.head.author
        rests = self.head.sort in _RESTING
        self.last = max(max(one.day, one.last if rests else 0) for one in papers)
        self.named = _merged(one.gist.named for one in papers)
        self.hinted = _merged(one.gist.hinted for one in papers)
        self.lines = frozenset(_merged(one.gist.lines for one in papers))
        self.about = ""

    @property
    def sort(self) -> str:
        """That of its first document."""
        return self.head.sort


def _merged(each: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for keys in each for key in keys))


def units_of(papers: Iterable[Paper]) -> list[Unit]:
    """The units of some documents, in order of their days."""
    ordered = sorted(papers, key=lambda one: (one.day, one.created, one.number))
    tied = _Ties(one.key for one in ordered)
    by_id = {one.unique_id: one.key for one in ordered}
    for one in ordered:
        for other in (one.replaces, *one.orders):
            if other is not None and other in by_id:
                tied.join(by_id[other], one.key)
    for first, others in copies_of(ordered):
        for copy in others:
            tied.join(first.key, copy.key)
    for prescription, given in _answers(ordered, by_id):
        tied.join(prescription, given)
    groups: defaultdict[bytes, list[Paper]] = defaultdict(list)
    for one in ordered:
        groups[tied.of(one.key)].append(one)
    return [Unit(group) for group in groups.values()]


def _answers(ordered: Sequence[Paper], known: dict[str, bytes]) -> Iterable[tuple[bytes, bytes]]:
    """A dispensation that names no prescription answers the last one with a line of its own."""
    before: list[Paper] = []
    for one in ordered:
        if one.sort == "prescription":
            before.append(one)
        elif one.sort == "dispensation" and not any(order in known for order in one.orders):
            given = set(one.gist.lines)
            best: tuple[int, int, bytes] | None = None
            for each in reversed(before):
                if one.day - each.day > _ANSWERED:
                    break
                same = given & set(each.gist.lines)
                if same or not given or not each.gist.lines:
                    found = (len(same), each.day, each.key)
                    best = found if best is None else max(best, found)
            if best is not None:
                yield best[2], one.key


class _Ties:
    """Keys that belong together (union-find); the first of a group stands for it."""

    def __init__(self, keys: Iterable[bytes]) -> None:
        self._parents = {key: key for key in keys}

    def of(self, key: bytes) -> bytes:
        parents = self._parents
        while parents[key] != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    def join(self, first: bytes, other: bytes) -> None:
        one, two = self.of(first), self.of(other)
        if one != two:
            self._parents[two] = one
