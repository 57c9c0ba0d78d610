"""Reads a request body into a resource and the documents that it carries.

Up to 1 MB in memory; above, streamed: documents go into spools as they arrive. Either way a
document's base64 leaves the resource (``data`` stays as an empty string), member names given twice
are refused at any level, and every refusal says where.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping

import orjson

from carnet.fhir.base64_stream import decode
from carnet.fhir.http import Request
from carnet.fhir.scanner import DEPTH_LIMIT, Scanner
from carnet.fhir.services import SpoolFactory
from carnet.record.errors import CarnetError
from carnet.usecases.requests import Content, MemoryContent

BODY_LIMIT = 68_000_000
MEMORY_LIMIT = 1_000_000
FORM_LIMIT = 65_536
_LONG = 4096
_TOO_DEEP = "depth limit"  # how orjson begins to say so, at 1024 levels


class Body:
    """A resource as JSON gave it, and its documents by their path below the resource."""

    def __init__(self, resource: dict[str, object], contents: Mapping[str, Content]) -> None:
        self.resource = resource
        self.contents = contents

    def close(self) -> None:
        """Give back what spooled documents hold."""
        for content in self.contents.values():
            close = getattr(content, "close", None)
            if close:
                close()


def declared_length(headers: dict[str, str]) -> int | None:
    """The Content-Length; None where none is declared.

    Raises ``header-malformed``, and ``body-too-large`` for more than a body may hold.
    """
    text = headers.get("content-length")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise CarnetError("header-malformed", name="Content-Length")
    if int(text) > BODY_LIMIT:
        raise CarnetError("body-too-large", limit=BODY_LIMIT)
    return int(text)


async def read_small(request: Request, limit: int) -> bytes:
    """A whole body of at most ``limit`` bytes. Raises ``body-too-large``."""
    declared = declared_length(request.headers)
    if declared is not None:
        if declared > limit:
            raise CarnetError("body-too-large", limit=limit)
        return await request.body()
    held = bytearray()
    async for chunk in request.chunks():
        held += chunk
        if len(held) > limit:
            raise CarnetError("body-too-large", limit=limit)
    return bytes(held)


async def read_json(request: Request, root: str) -> object:
    """A small JSON body with no document in it, such as a patch."""
    return parse_json(await read_small(request, MEMORY_LIMIT), root)


async def read_resource(request: Request, root: str, spools: SpoolFactory) -> Body:
    """The resource of a request and its documents; ``root`` is the resource type expected."""
    declared = declared_length(request.headers)
    if declared is not None and declared <= MEMORY_LIMIT:
        return parse_resource(await request.body(), root)
    pieces: list[bytes] = []
    held = 0
    chunks = request.chunks()
    async for chunk in chunks:
        pieces.append(chunk)
        held += len(chunk)
        if held > MEMORY_LIMIT:
            return await _stream(pieces, chunks, root, spools)
    return parse_resource(b"".join(pieces), root)


async def _stream(
    pieces: list[bytes], chunks: AsyncIterator[bytes], root: str, spools: SpoolFactory
) -> Body:
    scanner = Scanner(root, spools.new)
    try:
        received = 0
        for piece in pieces:
            received += len(piece)
            scanner.feed(piece)
        pieces.clear()
        async for chunk in chunks:
            received += len(chunk)
            _check_length(received)
            scanner.feed(chunk)
        resource = _as_object(parse_json(scanner.finish(), root), root)
    except BaseException:
        scanner.close()
        raise
    return Body(resource, scanner.contents)


def _check_length(received: int) -> None:
    if received > BODY_LIMIT:
        raise CarnetError("body-too-large", limit=BODY_LIMIT)


def parse_resource(raw: bytes, root: str) -> Body:
    """A resource in memory. Raises as ``parse_json``, and ``base64-invalid``."""
    resource = _as_object(_loads(raw, root), root)
    contents: dict[str, Content] = {}
    skeleton = raw
    for holder, path in _attachments(resource, root):
        data = holder["data"]
        if isinstance(data, str):
            contents[path] = MemoryContent(decode(data, f"{root}.{path}"))
            holder["data"] = ""
            if len(data) > _LONG:
                skeleton = _without(skeleton, data.encode())
    _check_shape(skeleton, resource, root)
    return Body(resource, contents)


def _without(raw: bytes, data: bytes) -> bytes:
    """The body without its document, where it stands unescaped: its start is enough to find it."""
    at = raw.find(data[:64])
    end = at + len(data)
    return raw[:at] + raw[end:] if at >= 0 and raw[at:end] == data else raw


def parse_json(raw: bytes, root: str) -> object:
    """A JSON value.

    Raises ``body-empty``, ``json-malformed`` with line and column, ``json-duplicate-key``,
    ``json-too-deep``.
    """
    value = _loads(raw, root)
    _check_shape(raw, value, root)
    return value


def _loads(raw: bytes, root: str) -> object:
    if not raw.strip():
        raise CarnetError("body-empty")
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if error.msg.startswith(_TOO_DEEP):
            raise CarnetError("json-too-deep", root, limit=DEPTH_LIMIT) from error
        raise CarnetError(
            "json-malformed", line=error.lineno, column=error.colno, detail=error.msg
        ) from error


def _as_object(value: object, root: str) -> dict[str, object]:
    if not isinstance(value, dict):
        raise CarnetError("json-not-object", root)
    return value


def _attachments(resource: dict[str, object], root: str) -> list[tuple[dict[str, object], str]]:
    """The attachments of a DocumentReference that hold data, with their path."""
    contents = resource.get("content")
    if root != "DocumentReference" or not isinstance(contents, list):
        return []
    found: list[tuple[dict[str, object], str]] = []
    for index, content in enumerate(contents[:100]):
        attachment = content.get("attachment") if isinstance(content, dict) else None
        if isinstance(attachment, dict) and "data" in attachment:
            found.append((attachment, f"content[{index}].attachment.data"))
    return found


def _check_shape(raw: bytes, value: object, root: str) -> None:
    """What orjson lets pass: names given twice (it keeps the last) and great depth."""
    level: list[object] = [value]
    for _ in range(DEPTH_LIMIT):
        level = [child for item in level for child in _children(item)]
        if not level:
            break
    else:
        raise CarnetError("json-too-deep", root, limit=DEPTH_LIMIT)
    try:
        json.loads(raw, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise CarnetError("json-malformed", line=1, column=1, detail="number too long") from error


def _children(item: object) -> list[object]:
    if isinstance(item, dict):
        return [child for child in item.values() if isinstance(child, (dict, list))]
    if isinstance(item, list):
        return [child for child in item if isinstance(child, (dict, list))]
    return []


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    names = dict(pairs)
    if len(names) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise CarnetError("json-duplicate-key", name[:64], name=name[:64])
            seen.add(name)
    return names
