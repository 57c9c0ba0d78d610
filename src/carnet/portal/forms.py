"""Forms without files, read strictly: bounded, UTF-8, each name once."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import Request

from carnet.record.errors import CarnetError

_LIMIT = 64 * 1024
_FIELDS = 200
_KIND = "application/x-www-form-urlencoded"


async def read_form(request: Request) -> dict[str, str]:
    """The fields of a form. Raises ``form-unreadable`` and ``form-too-large``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _KIND:
        raise CarnetError("form-unreadable")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _LIMIT:
            raise CarnetError("form-too-large", limit=_LIMIT // 1024)
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            strict_parsing=bool(body),
            errors="strict",
            max_num_fields=_FIELDS,
        )
    except ValueError:  # UnicodeDecodeError is one
        raise CarnetError("form-unreadable") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise CarnetError("form-unreadable")
    return fields
