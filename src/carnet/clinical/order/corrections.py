"""Corrections of episodes by hand: join, split, rename. They outlive every new derivation.

A correction holds all documents that it was made from, and applies only where every one of them is
seen: so it betrays nothing of a document that a view does not hold, not even in a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum

import msgspec

from carnet.clinical.order.model import Episode, Paper


class Sort(StrEnum):
    """What a correction does."""

    JOIN = "join"
    SPLIT = "split"
    RENAME = "rename"


class Correction(msgspec.Struct, frozen=True, kw_only=True):
    """One correction. Times are µs since 1970 UTC; who are actor keys, as in traces.

    ``parts`` are the groups it was made from (keys of documents, every group whole): those that are
    joined, the one that is parted or named. ``moved`` leave their group for one of their own.
    ``undone_at`` is not 0 once somebody undid it.
    """

    id: bytes
    sort: Sort
    parts: tuple[tuple[bytes, ...], ...]
    moved: tuple[bytes, ...] = ()
    name: str = ""
    at: int
    by: str
    by_name: str = ""
    undone_at: int = 0
    undone_by: str = ""

    @property
    def documents(self) -> frozenset[bytes]:
        """Every document that it was made from."""
        return frozenset(key for part in self.parts for key in part)


def in_force(corrections: Iterable[Correction], seen: Collection[bytes]) -> list[Correction]:
    """The corrections that apply where these documents are seen, the earliest first."""
    held = frozenset(seen)
    applying = (one for one in corrections if not one.undone_at and one.documents <= held)
    return sorted(applying, key=lambda one: (one.at, one.id))


def corrected(
    episodes: Sequence[Episode], corrections: Iterable[Correction], papers: Sequence[Paper]
) -> list[Episode]:
    """The episodes after the corrections that apply, the latest first."""
    by_key = {one.key: one for one in papers}
    found = list(episodes)
    for one in in_force(corrections, by_key):
        if one.sort is Sort.RENAME:
            found = _renamed(found, one, by_key)
        elif one.sort is Sort.JOIN:
            found = _joined(found, one, by_key)
        else:
            found = _parted(found, one, by_key)
    return sorted(found, key=lambda one: (one.end, one.start, one.members), reverse=True)


def _holder(episodes: Sequence[Episode], part: Sequence[bytes]) -> int | None:
    """The place of the episode that holds most of these documents, half of them at least."""
    wanted = set(part)
    held = [(len(wanted & set(one.members)), -place) for place, one in enumerate(episodes)]
    most, place = max(held, default=(0, 0))
    return -place if most and most * 2 >= len(wanted) else None


def _renamed(
    episodes: list[Episode], correction: Correction, papers: dict[bytes, Paper]
) -> list[Episode]:
    """Give a name to the episode that holds the documents, or make one of them alone."""
    part = correction.parts[0]
    place = _holder(episodes, part)
    if place is None or len(part) == 1:
        rest = _without(episodes, set(part), papers)
        return [*rest, _made(part, papers, name=correction.name)]
    named = msgspec.structs.replace(episodes[place], name=correction.name)
    return [*episodes[:place], named, *episodes[place + 1 :]]


def _joined(
    episodes: list[Episode], correction: Correction, papers: dict[bytes, Paper]
) -> list[Episode]:
    """The episodes that hold the parts become one, which keeps the first one's subject."""
    places = [_holder(episodes, part) for part in correction.parts]
    held = [episodes[place] for place in dict.fromkeys(places) if place is not None]
    keys = set(correction.documents)
    for one in held:
        keys |= set(one.members)
    rest = _without([one for one in episodes if one not in held], keys, papers)
    base = held[0] if held else None
    name = next((one.name for one in held if one.name is not None), None)
    return [*rest, _made(keys, papers, base=base, name=correction.name or name)]


def _parted(
    episodes: list[Episode], correction: Correction, papers: dict[bytes, Paper]
) -> list[Episode]:
    """Some documents leave for an episode of their own; one alone without a name for none."""
    moved = set(correction.moved)
    rest = _without(episodes, moved, papers)
    if len(moved) < 2 and not correction.name:
        return rest
    return [*rest, _made(moved, papers, name=correction.name or None)]


def _without(
    episodes: Iterable[Episode], keys: Collection[bytes], papers: dict[bytes, Paper]
) -> list[Episode]:
    """The episodes less some documents; what has one left and no name is none any more."""
    found = []
    for one in episodes:
        left = [key for key in one.members if key not in keys]
        if len(left) == len(one.members):
            found.append(one)
        elif len(left) > 1 or (left and one.name is not None):
            found.append(_made(left, papers, base=one, name=one.name))
    return found


def _made(
    keys: Collection[bytes],
    papers: dict[bytes, Paper],
    *,
    base: Episode | None = None,
    name: str | None = None,
) -> Episode:
    members = sorted(
        (papers[key] for key in keys), key=lambda one: (one.day, one.created, one.number)
    )
    return Episode(
        topic=base.topic if base else "hand",
        kind=base.kind if base else "hand",
        members=tuple(one.key for one in members),
        start=members[0].day,
        end=max(one.day for one in members),
        name=name,
    )
