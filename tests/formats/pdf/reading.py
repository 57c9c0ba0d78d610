"""Reads the text of a PDF without a PDF library: streams, then the operators that show text."""

from __future__ import annotations

import base64
import re
import zlib

_STREAM = re.compile(
    rb"<<(?P<head>[^<>]*(?:<<.*?>>)?[^<>]*)>>\s*stream\r?\n(?P<data>.*?)endstream", re.DOTALL
)
_SHOWN = re.compile(rb"\(((?:[^()\\]|\\.)*)\)\s*Tj", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _plain(found: re.Match[bytes]) -> bytes:
    word = found.group(1)
    if word.isdigit():
        return bytes([int(word, 8)])
    return _NAMED.get(word, word)


def page_streams(pdf: bytes) -> list[bytes]:
    """The decoded content streams, in the order of the file."""
    found = []
    for match in _STREAM.finditer(pdf):
        data = match["data"]
        if b"ASCII85Decode" in match["head"]:
            data = base64.a85decode(data.strip().removesuffix(b"~>"))
        if b"FlateDecode" in match["head"]:
            data = zlib.decompress(data)
        found.append(data)
    return found


def text_of(pdf: bytes) -> str:
    """All text in reading order of the file, a space between pieces."""
    pieces = [
        _ESCAPE.sub(_plain, shown).decode("cp1252")
        for stream in page_streams(pdf)
        for shown in _SHOWN.findall(stream)
    ]
    return " ".join(pieces)


def page_count(pdf: bytes) -> int:
    """The number that the page tree states."""
    return max(int(n) for n in re.findall(rb"/Count (\d+)", pdf))
