"""Verifies access tokens: JWS ES256 or RS256, of the JWT profile of RFC 9068 §4.

What a token says is believed only after its issuer, key, signature, audience and times are found
right, in this order. Verified tokens are kept until they expire, since a signature costs more than
all the rest of a request.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import math
import re
from collections import OrderedDict
from collections.abc import Callable, Sequence

import msgspec
from joserfc import jws
from joserfc.errors import JoseError

from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.usecases.tokens.claims import AccessClaims, caller_of, read_claims
from carnet.usecases.tokens.keys import Clock, KeySource

SIZE_LIMIT = 8_192  # characters
SKEW = 30.0  # seconds that clocks may differ
CACHE_SIZE = 10_000  # tokens
TOKEN_TYPES = ("at+jwt", "application/at+jwt")
REFUSED_HEADERS = ("crit", "b64", "jku", "jwk", "x5u", "x5c", "enc", "zip")
"""Header members by which a token would name its own key, or ask for more than is done here."""

_COMPACT = re.compile(r"([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)", re.ASCII)


class TrustedIssuer(msgspec.Struct, frozen=True):
    """An issuer whom the settings name, with the audience its tokens must carry."""

    iss: str
    audience: str
    keys: KeySource
    algorithms: tuple[str, ...] = ("ES256", "RS256")


class _Header(msgspec.Struct):
    alg: str
    typ: str
    kid: str


class _Verified(msgspec.Struct, frozen=True):
    caller: Caller
    issuer: TrustedIssuer
    kid: str
    starts: float
    expires: float


class TokenVerifier:
    """Says who a token's bearer is. One a process; not meant for several threads.

    ``clock`` gives seconds since 1970 UTC. ``on_keys`` is told of every reading of an issuer's
    keys: the issuer, and the error if it failed.
    """

    def __init__(
        self,
        issuers: Sequence[TrustedIssuer],
        clock: Clock,
        on_keys: Callable[[str, CarnetError | None], None] = lambda _issuer, _error: None,
    ) -> None:
        self._issuers = {issuer.iss: issuer for issuer in issuers}
        self._clock = clock
        self._on_keys = on_keys
        self._verified: OrderedDict[bytes, _Verified] = OrderedDict()
        self._reading = asyncio.Lock()

    def load(self) -> None:
        """Read the keys of every issuer, blocking. Failures go to ``on_keys``: they may pass."""
        for issuer in self._issuers.values():
            self._refresh(issuer)

    async def verify(self, token: str) -> Caller:
        """The caller of a token; an issuer's keys are read again when the token needs it.

        Raises ``CarnetError``: ``token-malformed``, ``token-too-long``, ``token-header``,
        ``token-type``, ``token-foreign-issuer``, ``token-algorithm``, ``token-key-unknown``,
        ``token-invalid``, ``token-audience``, ``token-expired``, ``token-not-yet-valid``,
        ``token-claim``, ``token-caller``.
        """
        known = self._known(token)
        if known is not None and not known.issuer.keys.is_due(known.kid):
            return self._still_good(known)
        header, claims = _open(token)
        issuer = self._issuer(claims)
        if issuer.keys.is_due(header.kid):
            async with self._reading:
                if issuer.keys.is_due(header.kid):
                    await asyncio.to_thread(self._refresh, issuer)
        return self.verify_now(token)

    def verify_now(self, token: str) -> Caller:
        """As ``verify``, with the keys at hand: no waiting, no reading."""
        known = self._known(token)
        if known is not None:
            return self._still_good(known)
        header, claims = _open(token)
        return self._judge(token, header, claims)

    def _known(self, token: str) -> _Verified | None:
        if len(token) > SIZE_LIMIT:
            raise CarnetError("token-too-long", limit=SIZE_LIMIT)
        return self._verified.get(_digest(token))

    def _still_good(self, known: _Verified) -> Caller:
        self._check_times(known.starts, known.expires)
        return known.caller

    def _issuer(self, claims: AccessClaims) -> TrustedIssuer:
        issuer = self._issuers.get(claims.iss)
        if issuer is None:
            raise CarnetError("token-foreign-issuer")
        return issuer

    def _judge(self, token: str, header: _Header, claims: AccessClaims) -> Caller:
        issuer = self._issuer(claims)
        _check_signature(token, header, issuer)
        audiences = (claims.aud,) if isinstance(claims.aud, str) else claims.aud
        if issuer.audience not in audiences:
            raise CarnetError("token-audience")
        starts = max(claims.iat, claims.nbf if claims.nbf is not None else -math.inf)
        self._check_times(starts, claims.exp)
        caller = caller_of(claims)
        self._keep(token, _Verified(caller, issuer, header.kid, starts, claims.exp))
        return caller

    def _check_times(self, starts: float, expires: float) -> None:
        now = self._clock()
        if now >= expires + SKEW:
            raise CarnetError("token-expired")
        if now < starts - SKEW:
            raise CarnetError("token-not-yet-valid")

    def _keep(self, token: str, verified: _Verified) -> None:
        self._verified[_digest(token)] = verified
        if len(self._verified) > CACHE_SIZE:
            self._verified.popitem(last=False)

    def _refresh(self, issuer: TrustedIssuer) -> None:
        try:
            if issuer.keys.refresh():
                # A key may have been withdrawn: what it vouched for is judged anew.
                self._verified.clear()
        except CarnetError as error:
            self._on_keys(issuer.iss, error)
        else:
            self._on_keys(issuer.iss, None)


def _digest(token: str) -> bytes:
    """The key of the cache: the whole token, so that no part of it goes unverified."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def _open(token: str) -> tuple[_Header, AccessClaims]:
    """The parts of a token, read but not yet believed."""
    parts = _COMPACT.fullmatch(token)
    if parts is None:
        raise CarnetError("token-malformed")
    return _header(_decode(parts[1])), read_claims(_decode(parts[2]))


def _decode(part: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
    except ValueError:
        raise CarnetError("token-malformed") from None


def _header(data: bytes) -> _Header:
    try:
        members = msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise CarnetError("token-malformed") from None
    if not isinstance(members, dict):
        raise CarnetError("token-malformed")
    for name in REFUSED_HEADERS:
        if name in members:
            raise CarnetError("token-header", member=name)
    try:
        header = msgspec.convert(members, _Header)
    except msgspec.ValidationError:
        missing = next(
            (name for name in ("alg", "typ", "kid") if not isinstance(members.get(name), str)), "?"
        )
        code = "token-type" if missing == "typ" else "token-claim"
        raise CarnetError(code, claim=f"header {missing}") from None
    if header.typ.lower() not in TOKEN_TYPES:
        raise CarnetError("token-type")
    return header


def _check_signature(token: str, header: _Header, issuer: TrustedIssuer) -> None:
    if header.alg not in issuer.algorithms:
        raise CarnetError("token-algorithm")
    found = issuer.keys.find(header.kid)
    if found is None:
        raise CarnetError("token-key-unknown")
    if found.algorithm != header.alg:
        raise CarnetError("token-algorithm")
    # The key decides the algorithm, not the token; unknown header members are harmless here.
    registry = jws.JWSRegistry(algorithms=[found.algorithm], strict_check_header=False)
    try:
        jws.deserialize_compact(token, found.key, registry=registry)
    except (JoseError, ValueError):
        raise CarnetError("token-invalid") from None
