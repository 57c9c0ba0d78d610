"""What an interaction is given: the request, the caller, the use cases; and how it answers."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.utils import format_datetime

from carnet.fhir.http import Request, Response
from carnet.fhir.params import Asked, pairs_of
from carnet.fhir.prefer import Return, is_lenient, wanted_return
from carnet.fhir.services import Services
from carnet.formats.fhir.dump import with_base
from carnet.formats.fhir.operation_outcome import of_notices
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError, Notice
from carnet.usecases.requests import ReadEntry

_ETAG = re.compile(r'(?:W/)?"([1-9][0-9]{0,8})"')


class Call:
    """One request on its way through an interaction.

    ``base`` is ``[base]`` without trailing slash; ``id`` the id of the path, empty where the path
    has none; ``media_type`` what the answer will be.
    """

    __slots__ = ("_caller", "base", "id", "media_type", "request", "services")

    def __init__(
        self,
        request: Request,
        services: Services,
        base: str,
        caller: Caller | None,
        path_id: str,
        media_type: str,
    ) -> None:
        self.request = request
        self.services = services
        self.base = base
        self.id = path_id
        self.media_type = media_type
        self._caller = caller

    @property
    def caller(self) -> Caller:
        """Who asks. Raises ``token-missing`` on a route that needs nobody."""
        if self._caller is None:
            raise CarnetError("token-missing")
        return self._caller

    @property
    def lenient(self) -> bool:
        """Whether ``Prefer: handling=lenient`` stands."""
        prefer = self.request.headers.get("prefer")
        return prefer is not None and is_lenient(prefer)

    def asked(self) -> list[Asked]:
        """The parameters of the URL."""
        return pairs_of(self.request.query)

    def no_parameters(self) -> None:
        """Refuse any parameter but those of every route. Raises ``parameter-unknown``."""
        for item in self.asked():
            if item.name not in ("_format", "_pretty"):
                raise CarnetError("parameter-unknown", item.name[:64], name=item.name[:64])

    def if_match(self) -> int | None:
        """The version of If-Match; None where the header is absent or ``*``.

        Raises ``header-malformed``.
        """
        text = self.request.headers.get("if-match")
        if text is None or text.strip() == "*":
            return None
        match = _ETAG.fullmatch(text.strip())
        if match is None:
            raise CarnetError("header-malformed", "If-Match", name="If-Match")
        return int(match[1])

    def json(
        self, status: int, body: bytes, headers: list[tuple[str, str]] | None = None
    ) -> Response:
        """An answer of resource bytes, with ``[base]`` filled in."""
        return Response(
            status,
            [("content-type", self.media_type), *(headers or [])],
            with_base(body, self.base),
        )

    def changed(
        self,
        status: int,
        body: bytes,
        headers: list[tuple[str, str]],
        warnings: tuple[Notice, ...] = (),
    ) -> Response:
        """The answer to a change, in the form that ``Prefer: return=`` asks for.

        ``body`` is empty for who may change the resource and not read it.
        """
        wanted = wanted_return(self.request.headers.get("prefer", ""))
        if warnings:
            codes = ",".join(dict.fromkeys(notice.code for notice in warnings))
            headers = [*headers, ("x-carnet-warnings", codes)]
        if wanted is Return.OUTCOME:
            return self.json(status, of_notices(warnings), headers)
        if wanted is Return.MINIMAL or not body:
            return Response(status, headers)
        return self.json(status, body, headers)


Interaction = Callable[[Call], Awaitable[Response]]
"""What a route does."""


def http_date(instant: str) -> str | None:
    """The HTTP form of a FHIR instant; None for a text that is none."""
    try:
        moment = datetime.fromisoformat(instant)
    except ValueError:
        return None
    return format_datetime(moment.astimezone(UTC), usegmt=True)


def version_headers(version: int, last_updated: str) -> list[tuple[str, str]]:
    """ETag and Last-Modified of a resource (R4 §3.1.0.1.3)."""
    headers = [("etag", f'W/"{version}"')]
    if date := http_date(last_updated):
        headers.append(("last-modified", date))
    return headers


def entry_headers(entry: ReadEntry) -> list[tuple[str, str]]:
    """ETag and Last-Modified of an entry."""
    return version_headers(entry.change, entry.last_updated)
