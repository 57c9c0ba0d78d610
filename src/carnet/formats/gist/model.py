"""The gist of a document: what is kept of it to put it in order and to tell it in a sentence."""

from __future__ import annotations

import msgspec


class Measure(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A number that a sentence tells and a later one may be compared with: all as written.

    ``code`` is ``system|code``, empty where the document gives none; only equal codes and equal
    units are ever compared.
    """

    code: str
    label: str
    number: str
    unit: str
    comparator: str = ""


class Said(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A part of a sentence: a form of ``data/sentences.toml``, and the document's words for it."""

    form: str
    words: tuple[str, ...] = ()


class Gist(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What is kept of one document to put it in order: all of it said by the document itself.

    ``named`` are topics (``data/topics.toml``) that its title, reasons and coded problems name, in
    that order; ``hinted`` those that medicines, analyses and the rest of its words point to.
    ``lines`` are its medicines (ATC code, else words). ``content`` is a fingerprint of its facts
    and words, empty where it has none. ``shows`` is what it examined or gave, a key of
    ``data/shows.toml`` or empty. ``said`` are the parts of its sentence, ``measures`` the numbers
    in it.
    """

    named: tuple[str, ...] = ()
    hinted: tuple[str, ...] = ()
    lines: tuple[str, ...] = ()
    content: bytes = b""
    shows: str = ""
    said: tuple[Said, ...] = ()
    measures: tuple[Measure, ...] = ()


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(Gist)


def pack_gist(gist: Gist) -> bytes:
    """A gist as bytes, to be sealed."""
    return _ENCODER.encode(gist)


def unpack_gist(data: bytes) -> Gist:
    """The gist of ``pack_gist``'s bytes. Raises ``msgspec.DecodeError``."""
    return _DECODER.decode(data)
