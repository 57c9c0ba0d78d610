"""Searchset Bundles joined from bytes: entries are ready JSON and are never parsed again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

_MODES = {
    mode: b',"search":{"mode":"' + mode.encode() + b'"}}'
    for mode in ("match", "include", "outcome")
}


def entry(full_url: bytes | None, resource: bytes, mode: str = "match") -> bytes:
    r"""One entry. ``full_url`` is raw text (``\x01/DocumentReference/…`` or ``urn:uuid:…``)."""
    head = b'{"fullUrl":"' + full_url + b'","resource":' if full_url else b'{"resource":'
    return head + resource + _MODES[mode]


def searchset(
    entries: Sequence[bytes], total: int | None, links: Iterable[tuple[str, str]]
) -> bytes:
    """A searchset Bundle. ``links`` are (relation, URL); entries come from ``entry``."""
    written = [{"relation": relation, "url": url} for relation, url in links]
    head = b'{"resourceType":"Bundle","type":"searchset"'
    if total is not None:
        head += b',"total":' + str(total).encode()
    head += b',"link":' + orjson.dumps(written)
    if not entries:
        return head + b"}"
    return head + b',"entry":[' + b",".join(entries) + b"]}"
