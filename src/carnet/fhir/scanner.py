"""Reads a large JSON body as it arrives and takes the documents out of it.

Every string member named ``data`` is decoded from base64 into a sink of its own; what remains, the
skeleton, has an empty string in its place and is small enough to be parsed. The scanner only finds
its way (strings, brackets, keys): whether the skeleton is JSON is judged by the JSON parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import orjson

from carnet.fhir.base64_stream import Base64Stream
from carnet.fhir.services import Spool
from carnet.record.errors import CarnetError

SKELETON_LIMIT = 1_000_000
DEPTH_LIMIT = 32
_DOCUMENTS = 100
_TOKEN = re.compile(rb'["{}\[\],:]')
_STRING_END = re.compile(rb'["\\]')


class _Frame:
    """One open object or array: the key or the index that is being read."""

    __slots__ = ("index", "is_object", "key", "wants_key")

    def __init__(self, is_object: bool) -> None:
        self.is_object = is_object
        self.key = ""
        self.wants_key = is_object
        self.index = 0


class Scanner:
    """Takes chunks by ``feed``, then ``finish``; ``contents`` holds the sinks by their path."""

    def __init__(self, root: str, new_sink: Callable[[], Spool]) -> None:
        self._root = root
        self._new_sink = new_sink
        self._frames: list[_Frame] = []
        self._skeleton = bytearray()
        self._key: bytearray | None = None
        self._in_string = False
        self._escaped = False
        self._data: Base64Stream | None = None
        self.contents: dict[str, Spool] = {}

    def feed(self, chunk: bytes) -> None:
        """Read a chunk.

        Raises ``base64-invalid``, ``document-too-large``, ``body-too-large`` (what is not a
        document is over 1 MB), ``json-too-deep``.
        """
        at = 0
        while at < len(chunk):
            if self._data is not None:
                at = self._read_data(chunk, at)
            elif self._in_string:
                at = self._read_string(chunk, at)
            else:
                at = self._read_outside(chunk, at)

    def finish(self) -> bytes:
        """The skeleton. Raises ``json-truncated`` inside a string or an open bracket."""
        if self._data is not None or self._in_string or self._frames:
            raise CarnetError("json-truncated")
        return bytes(self._skeleton)

    def close(self) -> None:
        """Give back what the sinks hold."""
        for sink in self.contents.values():
            sink.close()

    def _keep(self, piece: bytes) -> None:
        self._skeleton += piece
        if len(self._skeleton) > SKELETON_LIMIT:
            raise CarnetError("body-too-large", limit=SKELETON_LIMIT)

    def _read_data(self, chunk: bytes, at: int) -> int:
        stream = self._data
        if stream is None:
            return at
        end = chunk.find(b'"', at)
        if end < 0:
            stream.feed(chunk[at:])
            return len(chunk)
        stream.feed(chunk[at:end])
        stream.finish()
        self.contents[self._path()].finish()
        self._data = None
        self._keep(b'"')
        return end + 1

    def _read_string(self, chunk: bytes, at: int) -> int:
        if self._escaped:
            self._escaped = False
            self._add_to_string(chunk[at : at + 1])
            return at + 1
        match = _STRING_END.search(chunk, at)
        end = match.end() if match else len(chunk)
        if match is not None and match[0] == b'"':
            self._add_to_string(chunk[at : end - 1])
            self._keep(b'"')
            self._end_string()
        else:
            self._add_to_string(chunk[at:end])
            self._escaped = match is not None
        return end

    def _add_to_string(self, piece: bytes) -> None:
        self._keep(piece)
        if self._key is not None:
            self._key += piece

    def _end_string(self) -> None:
        self._in_string = False
        if self._key is not None and self._frames:
            self._frames[-1].key = _key_text(bytes(self._key))
            self._key = None

    def _read_outside(self, chunk: bytes, at: int) -> int:
        match = _TOKEN.search(chunk, at)
        if match is None:
            self._keep(chunk[at:])
            return len(chunk)
        end = match.end()
        self._keep(chunk[at:end])
        self._on_token(match[0])
        return end

    def _on_token(self, token: bytes) -> None:
        top = self._frames[-1] if self._frames else None
        if token == b'"':
            self._begin_string(top)
        elif token in b"{[":
            self._frames.append(_Frame(token == b"{"))
            if len(self._frames) > DEPTH_LIMIT:
                raise CarnetError("json-too-deep", limit=DEPTH_LIMIT)
        elif token in b"}]":
            if self._frames:
                self._frames.pop()
        elif top is not None and token == b",":
            top.wants_key = top.is_object
            top.index += 1
        elif top is not None:
            top.wants_key = False

    def _begin_string(self, top: _Frame | None) -> None:
        if top is not None and top.wants_key:
            self._in_string, self._key = True, bytearray()
        elif top is not None and top.is_object and top.key == "data":
            self._begin_data()
        else:
            self._in_string = True

    def _begin_data(self) -> None:
        path = self._path()
        if path in self.contents:
            raise CarnetError("json-duplicate-key", f"{self._root}.{path}", name="data")
        if len(self.contents) >= _DOCUMENTS:
            raise CarnetError("element-too-many", f"{self._root}.{path}", limit=_DOCUMENTS)
        sink = self._new_sink()
        self.contents[path] = sink
        self._data = Base64Stream(sink, f"{self._root}.{path}")

    def _path(self) -> str:
        parts = [f".{f.key}" if f.is_object else f"[{f.index}]" for f in self._frames]
        return "".join(parts).removeprefix(".")


def _key_text(raw: bytes) -> str:
    if b"\\" in raw:
        try:
            return str(orjson.loads(b'"' + raw + b'"'))
        except orjson.JSONDecodeError:
            return ""
    return raw.decode("utf-8", "replace")
