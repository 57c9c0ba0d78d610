"""The same document from two senders, and noise: folded, counted, nothing lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from enum import StrEnum

import msgspec

from carnet.clinical.order.model import Paper
from carnet.formats.gist.words import paper_words


class FoldSort(StrEnum):
    """Why documents are folded together."""

    SAME = "same"  # one document, sent more than once
    NOISE = "noise"  # reimbursements and papers that say nothing of care


class Fold(msgspec.Struct, frozen=True):
    """Documents behind one line: ``head`` is shown, all of ``members`` (it too) are one click away.

    Keys of documents; ``members`` oldest first.
    """

    sort: FoldSort
    head: bytes
    members: tuple[bytes, ...]


def copies_of(papers: Sequence[Paper]) -> Iterator[tuple[Paper, list[Paper]]]:
    """Documents that are the same, each with the others: same bytes, or same content.

    Same content: facts, words and body are all equal (``Gist.content``), of one type and one day
    of service. Two different results are never the same. Papers come oldest first.
    """
    groups: defaultdict[tuple[object, ...], list[Paper]] = defaultdict(list)
    for one in papers:
        if one.gist.content:
            groups["content", one.gist.content, one.type, one.day].append(one)
        elif one.sha:
            groups["bytes", one.sha].append(one)
    for group in groups.values():
        if len(group) > 1:
            yield group[0], group[1:]


def folds_of(papers: Sequence[Paper]) -> list[Fold]:
    """The folds of some documents; a document is in one at most.

    A fold of noise shows its newest document, one of copies that which was made first.
    """
    ordered = sorted(papers, key=lambda one: (one.day, one.created, one.number))
    noise: defaultdict[str, list[Paper]] = defaultdict(list)
    care = []
    for one in ordered:
        if paper_words(one.type).noise:
            noise[one.type].append(one)
        else:
            care.append(one)
    found = [
        Fold(FoldSort.SAME, first.key, (first.key, *(one.key for one in others)))
        for first, others in copies_of(care)
    ]
    found += [
        Fold(FoldSort.NOISE, group[-1].key, tuple(one.key for one in group))
        for group in noise.values()
    ]
    return found
