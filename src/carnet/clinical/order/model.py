"""What the rules of order take and give. Days are numbers of days since 1970-01-01."""

from __future__ import annotations

import msgspec

from carnet.formats.gist.model import Gist


class Paper(msgspec.Struct, frozen=True):
    """One document as the rules see it: its metadata in a view, and its gist.

    ``number`` is its entry's in this view, ``key`` its logicalId. ``sort`` follows from the type.
    ``born`` is the day of birth that the document gives of its patient, None where it gives none.
    ``orders`` are the identifiers that it answers (referenceIdList, order).
    """

    number: int
    key: bytes
    unique_id: str
    type: str
    sort: str
    title: str
    day: int
    last: int
    created: float
    author: str = ""
    structure: str = ""
    specialty: str = ""
    hospital: bool = False
    home: bool = False
    orders: tuple[str, ...] = ()
    replaces: str | None = None
    born: int | None = None
    sha: str = ""
    gist: Gist = Gist()


class Episode(msgspec.Struct, frozen=True):
    """What belongs together: keys of documents, oldest first.

    ``topic`` is a key of ``data/topics.toml`` or a kind of its own (``stay``, ``childhood``);
    ``name`` is set where a person gave one.
    """

    topic: str
    kind: str
    members: tuple[bytes, ...]
    start: int
    end: int
    name: str | None = None
