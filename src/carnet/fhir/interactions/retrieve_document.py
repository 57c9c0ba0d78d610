"""ITI-68 Retrieve Document, ``GET Binary/[id]`` (MHD 4.2.x §3.68, PDSm flow 7-8; TD3.2)."""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

import orjson

from carnet.fhir.call import Call
from carnet.fhir.http import Response
from carnet.fhir.negotiate import FHIR_JSON, JSON, essence, weight_of
from carnet.formats.fhir.dump import BASE, with_base
from carnet.record.errors import CarnetError
from carnet.usecases.requests import Content, RetrievedDocument

_IN_MEMORY = 1_048_576
_UNSAFE = re.compile(r"[^A-Za-z0-9._ -]+")
_EXTENSIONS = {
    "text/xml": "xml",
    "application/xml": "xml",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
    "text/rtf": "rtf",
    "text/plain": "txt",
    "application/dicom": "dcm",
    "application/fhir+json": "json",
}


async def interact(call: Call) -> Response:
    """The bytes as submitted, or a Binary resource for who accepts only FHIR."""
    wanted_format = _wanted_format(call)
    found = await call.services.retrieve(call.caller, call.id)
    accept = wanted_format or call.request.headers.get("accept", "") or "*/*"
    as_resource = _as_resource(found.mime_type, accept)
    etag = f'"{found.etag.strip(chr(34))}{".json" if as_resource else ""}"'
    headers = [("etag", etag), ("vary", "accept")]
    if _matches(call.request.headers.get("if-none-match", ""), etag):
        return Response(304, headers)
    if as_resource:
        return _resource(call, found, headers)
    headers += [
        ("content-type", found.mime_type),
        ("content-disposition", disposition(found.title, found.mime_type)),
        ("content-security-policy", "default-src 'none'; sandbox"),
    ]
    return _stream(200, headers, found.content.size, found.content.chunks())


def _wanted_format(call: Call) -> str:
    wanted = ""
    for item in call.asked():
        if item.name == "_format":
            wanted = {"json": FHIR_JSON}.get(item.value, item.value.replace(" ", "+"))
        elif item.name != "_pretty":
            raise CarnetError("parameter-unknown", item.name[:64], name=item.name[:64])
    return wanted


def _as_resource(mime_type: str, accept: str) -> bool:
    """Whether the Binary resource is wanted more than the bytes. Raises ``not-acceptable``."""
    raw = weight_of(essence(mime_type), accept)
    resource = max(weight_of(FHIR_JSON, accept), weight_of(JSON, accept))
    if raw <= 0 and resource <= 0:
        raise CarnetError("not-acceptable", "Accept")
    return resource > raw


def _matches(if_none_match: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in if_none_match.split(",")]
    return etag in tags or "*" in tags


def _stream(
    status: int, headers: list[tuple[str, str]], size: int, chunks: Iterator[bytes]
) -> Response:
    """Small bodies at once; large ones piece by piece, their length declared."""
    if size <= _IN_MEMORY:
        return Response(status, headers, b"".join(chunks))
    return Response(status, headers, chunks, size)


def _resource(call: Call, found: RetrievedDocument, headers: list[tuple[str, str]]) -> Response:
    context = BASE + b"/DocumentReference/" + found.entry_uuid.encode()
    head = with_base(
        b'{"resourceType":"Binary","id":' + orjson.dumps(call.id) + b',"contentType":'
        b""
        + orjson.dumps(found.mime_type)
        + b',"securityContext":{"reference":"'
        + context
        + b'"},"data":"',
        call.base,
    )
    tail = b'"}'
    size = len(head) + -(-found.content.size // 3) * 4 + len(tail)
    headers.append(("content-type", FHIR_JSON))
    return _stream(200, headers, size, _binary(head, found.content, tail))


def _binary(head: bytes, content: Content, tail: bytes) -> Iterator[bytes]:
    yield head
    carry = b""
    for chunk in content.chunks():
        piece = carry + chunk
        whole = len(piece) - len(piece) % 3
        carry = piece[whole:]
        yield base64.b64encode(piece[:whole])
    yield base64.b64encode(carry) + tail


@lru_cache(maxsize=1024)
def disposition(title: str, mime_type: str) -> str:
    """Content-Disposition with a file name made of the title: nothing that a system could obey.

    Plain letters, digits, spaces, dots and hyphens; the title as it stands in ``filename*``
    (RFC 6266) without control characters, separators of paths and marks that reverse the text.
    """
    extension = _EXTENSIONS.get(essence(mime_type), "bin")
    printable = "".join(c for c in title if c.isprintable() and c not in '\\/:*?"<>|')
    stem = printable.strip(" .")[:120].strip(" .") or "document"
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode()
    plain = _UNSAFE.sub("_", plain).strip(" .") or "document"
    return (
        f'attachment; filename="{plain}.{extension}"; '
        f"filename*=UTF-8''{quote(f'{stem}.{extension}', safe='')}"
    )
