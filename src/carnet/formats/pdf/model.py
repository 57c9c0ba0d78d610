"""What a letter or a report on paper consists of."""

from __future__ import annotations

import msgspec


class Letterhead(msgspec.Struct, frozen=True):
    """Who writes: the house with its lines (address, telephone), the author with title."""

    house: str
    lines: tuple[str, ...] = ()
    author: str = ""
    author_lines: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """A table: heads and rows of text. ``title`` stands above it; ``bold_rows`` are row numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str | None = None
    bold_rows: frozenset[int] = frozenset()


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter, report or prescription of any length.

    ``body`` holds paragraphs and tables in order; a paragraph that starts with ``# `` is a heading
    and one that starts with ``- `` an item. All text must be writable in Windows-1252, which is
    what the standard fonts carry.
    """

    letterhead: Letterhead
    place_and_date: str
    title: str
    patient: tuple[str, ...]
    body: tuple[str | Table, ...]
    recipient: tuple[str, ...] = ()
    greeting: str | None = None
    closing: str | None = None
    signature: tuple[str, ...] = ()
    footer: str = ""
