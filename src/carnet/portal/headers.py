"""The headers of every answer: what a page may load, from where, and who may keep or frame it.

Content Security Policy Level 3, Fetch (CORP), HTML (COOP), Permissions Policy. No exception for any
page: scripts and styles are files of this server, and nothing is loaded from outside.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.datastructures import MutableHeaders
from starlette.types import Message

POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self'; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; "
    "worker-src 'self'"
)
_FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
ALWAYS = {
    "content-security-policy": POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_UNLESS_SAID = {"cache-control": "no-store"}


def with_headers(
    send: Callable[[Message], Awaitable[None]],
) -> Callable[[Message], Awaitable[None]]:
    """Puts the headers on whatever is sent."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.update(ALWAYS)
            for name, value in _UNLESS_SAID.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
