"""The documents of a view in order: title, sentence, fold, episode, whether they are new.

``order_of`` takes a view of ``Action.READ`` and gives, beside its answer, the entries that a trace
must name. All of it follows from the documents of the view and the marks of its caller.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import msgspec

from carnet.clinical.order.corrections import Correction, corrected, in_force
from carnet.clinical.order.episodes import episodes_of
from carnet.clinical.order.folds import Fold, folds_of
from carnet.clinical.order.model import Episode, Paper
from carnet.clinical.order.naming import name_of
from carnet.clinical.order.sentences import Sentence, befores_of, sentence_of
from carnet.clinical.order.store import (
    Read,
    marked,
    person_mark,
    read_corrections,
    read_papers,
    read_seen,
    seen_step,
)
from carnet.clinical.order.titles import official_type, title_of
from carnet.record.errors import CarnetError
from carnet.record.uuids import uuid_text
from carnet.storage.batch import Batch, Conflict
from carnet.storage.entries import Listed
from carnet.usecases.clock import instant
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.view import RecordView


class Line(msgspec.Struct, frozen=True):
    """One document as a list shows it.

    Numbers of entries are not in it: they would tell that others lie between them.
    ``title`` is what people call it, ``official`` the label of its type, ``own_title`` the title
    that its author gave. ``fold`` and ``episode`` are places in the lists of ``Ordered``, None for
    none. ``is_head``: it is shown where its fold is closed (always True outside folds).
    """

    document_id: str
    entry_uuid: str
    type_code: str
    day: date
    title: str
    official: str
    own_title: str
    sentence: Sentence
    fold: int | None
    is_head: bool
    episode: int | None
    new: bool


class NamedEpisode(msgspec.Struct, frozen=True):
    """An episode with its name; ``documents`` are ids of documents, oldest first."""

    name: str
    topic: str
    kind: str
    start: date
    end: date
    documents: tuple[str, ...]
    by_hand: bool


class Ordered(msgspec.Struct, frozen=True):
    """The documents of a view in order, the newest first; episodes, the latest first.

    ``new`` counts what is new to the caller (a fold counts once); ``looked_before`` is False for
    who has marked nothing yet. ``named`` are the entries for the trace.
    """

    lines: tuple[Line, ...]
    episodes: tuple[NamedEpisode, ...]
    folds: tuple[Fold, ...]
    new: int
    looked_before: bool
    named: tuple[Listed, ...]


async def order_of(view: RecordView, language: str = "fr") -> Ordered:
    """Everything in order. ``language`` is fr or en. Raises ``record-damaged``."""
    read = await read_papers(view)
    episodes = await _episodes(view, read)
    new, before = await _new(view, read.papers)
    today = date.fromisoformat(instant(view.now * 1_000_000)[:10])
    return _ordered(read, episodes, new, before=before, today=today, language=language)


async def episodes_in(view: RecordView) -> list[Episode]:
    """The episodes of a view, corrections applied, the latest first. Raises ``record-damaged``."""
    return await _episodes(view, await read_papers(view))


async def _episodes(view: RecordView, read: Read) -> list[Episode]:
    corrections = [one for one, _ in await read_corrections(view)]
    return corrected(episodes_of(read.papers), corrections, read.papers)


async def corrections_in(view: RecordView) -> list[Correction]:
    """The corrections in force in a view, the earliest first. Raises ``record-damaged``."""
    read = await read_papers(view)
    return in_force([one for one, _ in await read_corrections(view)], read.entries)


async def new_for(view: RecordView) -> frozenset[bytes]:
    """The documents of the view (logicalIds) that its caller has not seen.

    A document that was out of sight when the caller last marked what they saw is new when it comes
    into sight. Who is no person (a structure, the operator) has no marks: nothing is new to them.
    Raises ``record-damaged``.
    """
    return (await _new(view, (await read_papers(view)).papers))[0]


async def _new(view: RecordView, papers: Sequence[Paper]) -> tuple[frozenset[bytes], bool]:
    mark = person_mark(view)
    if mark is None:
        return frozenset(), True
    version, seen = await read_seen(view, mark)
    return frozenset(one.key for one in papers if marked(one.key) not in seen), bool(version)


async def mark_seen(view: RecordView, documents: Collection[bytes] | None = None) -> None:
    """Note that the caller has seen some documents (logicalIds; None: all that the view holds).

    What the view does not hold is neither marked nor kept marked. Raises ``not-entitled`` for who
    is no person, ``record-contended``, ``record-damaged``.
    """
    mark = person_mark(view)
    if mark is None:
        raise CarnetError("not-entitled")
    held = frozenset(marked(key) for key in (await read_papers(view)).entries)
    wanted = held if documents is None else frozenset(map(marked, documents)) & held
    for _ in range(TRIES):
        version, seen = await read_seen(view, mark)
        after = (seen & held) | wanted
        if version and after == seen:
            return
        try:
            step = seen_step(view, mark, version, after)
            await view.gate.write(Batch(view.record.record_id, steps=(step,)))
        except Conflict:
            continue
        return
    raise CarnetError("record-contended")


def _ordered(
    read: Read,
    episodes: Sequence[Episode],
    new: frozenset[bytes],
    *,
    before: bool,
    today: date,
    language: str,
) -> Ordered:
    papers = sorted(read.papers, key=lambda one: (one.day, one.created, one.number), reverse=True)
    folds = folds_of(read.papers)
    fold_of = {key: place for place, fold in enumerate(folds) for key in fold.members}
    heads = {fold.head for fold in folds}
    episode_of = {key: place for place, one in enumerate(episodes) for key in one.members}
    befores = befores_of(read.papers)
    lines = tuple(
        Line(
            document_id=uuid_text(paper.key),
            entry_uuid=uuid_text(read.entries[paper.key].entry_uuid),
            type_code=paper.type,
            day=_date(paper.day),
            title=title_of(paper, language),
            official=official_type(paper),
            own_title=paper.title,
            sentence=sentence_of(paper, befores, today, language),
            fold=fold_of.get(paper.key),
            is_head=paper.key not in fold_of or paper.key in heads,
            episode=episode_of.get(paper.key),
            new=paper.key in new,
        )
        for paper in papers
    )
    counted = {fold_of.get(key, key) for key in new}
    return Ordered(
        lines=lines,
        episodes=tuple(_named(one, language) for one in episodes),
        folds=tuple(folds),
        new=len(counted),
        looked_before=before,
        named=tuple(read.entries[paper.key] for paper in papers),
    )


def _named(episode: Episode, language: str) -> NamedEpisode:
    return NamedEpisode(
        name=name_of(episode, language),
        topic=episode.topic,
        kind=episode.kind,
        start=_date(episode.start),
        end=_date(episode.end),
        documents=tuple(uuid_text(key) for key in episode.members),
        by_hand=episode.name is not None or episode.kind == "hand",
    )


def _date(day: int) -> date:
    return date.fromordinal(day + date(1970, 1, 1).toordinal())
