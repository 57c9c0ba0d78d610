"""The FHIR application: from a request to an answer, whatever happens between.

Order: look at the URL and headers, find the route, know the caller, check the scope, let the
interaction act, put on the headers that every answer has. Every refusal is an OperationOutcome of
the catalogue with a reference that finds its log line; a fault of Carnet itself says no more.
"""

from __future__ import annotations

import asyncio
import re
import traceback
from urllib.parse import urlsplit

import msgspec
import orjson

from carnet.fhir import negotiate, paths, routes
from carnet.fhir.admission import Admission, Overloaded, Turn, TurnedAway
from carnet.fhir.body import BODY_LIMIT, MEMORY_LIMIT, declared_length
from carnet.fhir.call import Call
from carnet.fhir.http import Request, Response
from carnet.fhir.params import pairs_of
from carnet.fhir.routes import Route
from carnet.fhir.scopes import grants
from carnet.fhir.services import LogLine, Services
from carnet.formats.fhir.operation_outcome import of_error
from carnet.logs import new_reference
from carnet.record.caller import Caller
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import CarnetError
from carnet.record.events import Event
from carnet.statuses import STATUSES
from carnet.usecases.crowding import acting

_BEARER = re.compile(r"[Bb][Ee][Aa][Rr][Ee][Rr] +([A-Za-z0-9._~+/-]+=*) *")
_TOKEN_LIMIT = 8192
_REALM = 'Bearer realm="carnet"'
_UNREAD = ("busy", "body-too-large", "body-too-slow", "document-too-large")
"""Refusals that leave a body unread: the connection cannot be used again, and says so."""
_ALWAYS = [("cache-control", "no-store"), ("x-content-type-options", "nosniff")]


class Limits(msgspec.Struct, frozen=True):
    """Bounds of one process.

    Requests in hand at once, in a burst and for long; bytes of bodies in hand; seconds that a
    request may take, and seconds that a small body may take to arrive, or a large one pause.
    """

    requests: int = 64
    share: int = 16
    bytes_in_flight: int = 256_000_000
    seconds: float = 120.0
    body_seconds: float = 20.0


class App:
    """Answers requests below ``/fhir``."""

    def __init__(self, services: Services, limits: Limits | None = None) -> None:
        self._services = services
        self._limits = limits or Limits()
        self._in_flight = 0
        self._admission = Admission(self._limits.requests, self._limits.share)
        self._turned_away = TurnedAway()
        self.base = services.public_base.rstrip("/") + "/fhir"
        self.prefix = urlsplit(self.base).path

    def turn(self) -> Turn:
        """A place among the requests of this process, for another face that it serves."""
        return Turn(self._admission)

    async def __call__(self, request: Request) -> Response:
        """The answer to a request; raises nothing but cancellation."""
        given = request.headers.get("x-request-id", "")
        reference = given if paths.REQUEST_ID.fullmatch(given) else ""
        turn = request.turn = self.turn()
        request.body_seconds = self._limits.body_seconds
        try:
            if not _has_body(request.headers):
                turn.begin()  # else when the body is there
            with acting(turn):
                async with asyncio.timeout(self._limits.seconds):
                    response = await self._answer(request)
        except Overloaded:
            response, told = self._overloaded(request)
            reference = reference or told
        except CarnetError as error:
            reference = reference or new_reference()
            response = self._refused(error, request, reference)
        except TimeoutError:
            reference = reference or new_reference()
            response = self._refused(CarnetError("request-timeout"), request, reference)
        except Exception as error:  # noqa: BLE001 - no fault may reach the server raw
            reference = reference or new_reference()
            response = self._failed(error, request, reference)
        finally:
            turn.end()
        response.headers += _ALWAYS
        if reference:
            response.headers.append(("x-request-id", reference))
        return response

    async def _answer(self, request: Request) -> Response:
        parts = paths.segments(request.path, self.prefix)
        paths.check_query(request.query)
        paths.check_headers(request.headers, request.repeated)
        route, path_id = routes.match(request.method, parts)
        caller = await self._caller(request, route)
        wanted_format, pretty = _generic(request.query)
        media_type = ""
        if not route.any_media:
            accept = request.headers.get("accept", "")
            media_type = negotiate.answer_type(accept, wanted_format)
        call = Call(request, self._services, self.base, caller, path_id, media_type)
        if request.method in ("GET", "HEAD"):
            response = await route.interaction(call)
        else:
            response = await self._with_body(call, route)
        return _pretty(response) if pretty else response

    async def _with_body(self, call: Call, route: Route) -> Response:
        """Lets the interaction act while its body counts as in flight."""
        declared = declared_length(call.request.headers)
        held = MEMORY_LIMIT if declared is None else declared
        if "transfer-encoding" in call.request.headers:
            held = BODY_LIMIT
        if self._in_flight + held > self._limits.bytes_in_flight and self._in_flight:
            raise CarnetError("busy")
        self._in_flight += held
        try:
            return await route.interaction(call)
        finally:
            self._in_flight -= held

    async def _caller(self, request: Request, route: Route) -> Caller | None:
        if not route.scopes:
            return None
        header = request.headers.get("authorization")
        if header is None:
            raise CarnetError("token-missing", "Authorization")
        match = _BEARER.fullmatch(header)
        if match is None or len(match[1]) > _TOKEN_LIMIT:
            raise CarnetError("token-malformed", "Authorization")
        caller = await self._services.authenticate(match[1])
        if not grants(caller.scopes, route.scopes):
            raise CarnetError("scope-missing", "Authorization", scope=" / ".join(route.scopes))
        return caller

    def _refused(self, error: CarnetError, request: Request, reference: str) -> Response:
        entry = CATALOGUE.get(error.code)
        if entry is None:
            return self._failed(error, request, reference)
        status = STATUSES[entry.kind]
        headers = [("content-type", negotiate.FHIR_JSON)]
        if status == 401:
            problem = "" if error.code == "token-missing" else ', error="invalid_token"'
            headers.append(("www-authenticate", _REALM + problem))
        elif error.code == "scope-missing":
            headers.append(("www-authenticate", _REALM + ', error="insufficient_scope"'))
        elif status == 405:
            headers.append(("allow", self._allow(request)))
        elif status in (429, 503, 507):
            headers.append(("retry-after", str(error.params.get("seconds", 2))))
        if error.code in _UNREAD:
            headers.append(("connection", "close"))
        self._log(Event.FHIR_REFUSED, reference, request, status, error.code)
        return Response(status, headers, of_error(error, reference))

    def _overloaded(self, request: Request) -> tuple[Response, str]:
        """One line of the log a second for all who are turned away in it, and its reference."""
        away = self._turned_away
        count = away.count()
        if count:
            code = "overloaded"
            self._log(Event.FHIR_OVERLOADED, away.reference, request, 503, code, count=count)
        return away.answer(), away.reference

    def _failed(self, error: Exception, request: Request, reference: str) -> Response:
        """A fault of Carnet: frames go to the log, never the message (it may hold health data)."""
        frames = traceback.extract_tb(error.__traceback__)
        where = tuple(f"{f.filename.rpartition('/')[2]}:{f.lineno}:{f.name}" for f in frames)
        where = (*where[-12:], type(error).__name__)
        self._log(Event.FHIR_DEFECT, reference, request, 500, "defect", where)
        body = of_error(CarnetError("defect"), reference)
        return Response(500, [("content-type", negotiate.FHIR_JSON)], body)

    def _allow(self, request: Request) -> str:
        try:
            return routes.allowed(paths.segments(request.path, self.prefix))
        except CarnetError:
            return ""

    def _log(
        self,
        event: Event,
        reference: str,
        request: Request,
        status: int,
        code: str,
        where: tuple[str, ...] = (),
        count: int = 1,
    ) -> None:
        try:
            parts = paths.segments(request.path, self.prefix)
        except CarnetError:
            parts = ("?",)
        kind = parts[0] if parts and parts[0].isalpha() else ""
        route = f"{request.method[:8]} {kind[:32]}"
        self._services.log(LogLine(event, reference, route, status, code, where, count))


def _has_body(headers: dict[str, str]) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _generic(query: str) -> tuple[str, bool]:
    """``_format`` and ``_pretty``, the parameters of every route."""
    if "_format" not in query and "_pretty" not in query:
        return "", False
    found = {item.name: item.value for item in pairs_of(query)}
    return found.get("_format", ""), found.get("_pretty") == "true"


def _pretty(response: Response) -> Response:
    kind = next((value for name, value in response.headers if name == "content-type"), "")
    if isinstance(response.body, bytes) and response.body and kind.endswith("json"):
        body = orjson.dumps(orjson.loads(response.body), option=orjson.OPT_INDENT_2)
        return Response(response.status, response.headers, body)
    return response


def build_app(services: Services, limits: Limits | None = None) -> App:
    """The FHIR application over these use cases."""
    return App(services, limits)
