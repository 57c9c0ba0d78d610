"""Medical words and abbreviations with what they mean, in plain French.

The two files in ``data/`` were written for this project, by hand and from general knowledge; none
of it is copied from a dictionary. A meaning says what a word means, not what a person has. They
are read when first asked for and kept.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import msgspec

_DATA = Path(__file__).parent / "data"


class Sense(msgspec.Struct, frozen=True):
    """One thing that an abbreviation stands for, and a note beside it (may be empty)."""

    full: str
    note: str = ""


class Word(msgspec.Struct, frozen=True):
    """A term or abbreviation as it is written.

    ``as_written``: it is only meant where it is written like this (``TA`` is not ``ta``, ``pH`` not
    ``PH``); else case and accents do not matter. ``explanation`` is a plain sentence, or empty.
    ``ambiguous``: it has several meanings, or is so short that others are likely; then no text may
    be expanded by it without the context, and all ``senses`` are to be shown.
    """

    written: str
    explanation: str = ""
    senses: tuple[Sense, ...] = ()
    as_written: bool = False
    ambiguous: bool = False


def _rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def words() -> tuple[Word, ...]:
    """All terms and abbreviations, each once, by how they are written."""
    explained = {row["term"]: row["explanation"] for row in _rows("glossary.tsv")}
    senses: dict[str, list[Sense]] = {}
    ambiguous: set[str] = set()
    for row in _rows("abbreviations.tsv"):
        written = row["abbreviation"]
        senses.setdefault(written, []).append(Sense(row["expansion"], row["note"]))
        if row["ambiguous"] == "yes" or len(senses[written]) > 1:
            ambiguous.add(written)
    found = []
    for written in sorted({*explained, *senses}):
        meant = tuple(senses.get(written, ()))
        explanation = explained.get(written, "")
        if not explanation and len(meant) == 1 and written not in ambiguous:
            explanation = explained.get(meant[0].full, "")
        as_written = written in senses or written[1:] != written[1:].lower()
        found.append(Word(written, explanation, meant, as_written, written in ambiguous))
    return tuple(found)
