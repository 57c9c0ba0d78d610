"""What a letter or a report on paper consists of, and what the paper of a house looks like."""

from __future__ import annotations

from enum import StrEnum

import msgspec


class Style(StrEnum):
    """The kinds of paper that French houses write on; any letter can be set in any of them."""

    CLASSIC = "classic"  # plain practice software: house on the left, author on the right
    PRACTICE = "practice"  # a specialist's engraved letterhead, with titles and diplomas
    TYPEWRITER = "typewriter"  # an old practice: one typewriter face, nothing else
    CLINIC = "clinic"  # a private clinic: coloured band, modern face
    HOSPITAL = "hospital"  # a department: doctors and telephones down the margin
    LABORATORY = "laboratory"  # boxed header, results with reference ranges
    PRESCRIPTION = "prescription"  # half-size sheet with bar codes
    BIZONE = "bizone"  # ordonnancier bizone: long-term illness above, the rest below
    CERTIFICATE = "certificate"  # few words in a frame, a stamp
    IMAGING = "imaging"  # imaging centre: coloured header, boxed conclusion
    TICKET = "ticket"  # pharmacy: narrow roll of a printer
    SCHOOL = "school"  # a form of the school health service (PAI)
    EMERGENCY = "emergency"  # a dense form of boxes


class Look(msgspec.Struct, frozen=True):
    """What makes the paper of one house differ from that of another in the same style.

    ``logo`` is a name of ``ornaments.LOGOS``, or nothing; ``font`` and ``variant`` choose among
    what the style offers (any number: taken modulo); ``density`` scales the text.
    """

    accent: str = "#0f5257"
    logo: str = ""
    font: int = 0
    variant: int = 0
    justified: bool = False
    density: float = 1.0


class Letterhead(msgspec.Struct, frozen=True):
    """Who writes: the house with its lines (address, telephone), the author with title.

    ``staff`` is the list of colleagues and telephone numbers that a department prints; a line that
    starts with ``# `` is a heading of it. ``codes`` are numbers printed as bar codes (RPPS,
    FINESS), digits only.
    """

    house: str
    lines: tuple[str, ...] = ()
    author: str = ""
    author_lines: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


class Table(msgspec.Struct, frozen=True):
    """A table: heads and rows of text. ``title`` stands above it; ``bold_rows`` are row numbers."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str | None = None
    bold_rows: frozenset[int] = frozenset()


class Picture(msgspec.Struct, frozen=True):
    """A JPEG file set into the text, ``width`` millimetres wide, with a caption below."""

    jpeg: bytes
    width: float = 80.0
    caption: str = ""


Part = str | Table | Picture


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter, report, prescription or form of any length.

    ``body`` holds paragraphs, tables and pictures in order. A paragraph that starts with ``# `` is
    a heading, with ``- `` an item, with ``[ ] `` or ``[x] `` a box to tick; ``---`` is a rule, and
    in style ``bizone`` the end of the upper zone. ``**`` beside a
    space switches bold on and off.

    ``fields`` are labelled values that forms print in boxes (file number, hour of arrival).
    ``scribble`` is the seed of a drawn signature and ``stamp`` the lines of a rubber stamp; empty,
    there is none. Characters that no packaged face holds are refused
    (``character-not-printable``).
    """

    letterhead: Letterhead
    place_and_date: str
    title: str
    patient: tuple[str, ...]
    body: tuple[Part, ...]
    recipient: tuple[str, ...] = ()
    greeting: str | None = None
    closing: str | None = None
    signature: tuple[str, ...] = ()
    footer: str = ""
    reference: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    scribble: str = ""
    stamp: tuple[str, ...] = ()
    style: Style = Style.CLASSIC
    look: Look = Look()
