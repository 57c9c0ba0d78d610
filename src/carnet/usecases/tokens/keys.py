"""The public keys of an issuer (JWKS, RFC 7517): from a file or an address, kept in memory.

They are read again when a token names a key that is not among them, at most every ten seconds,
and every ten minutes in any case, so that a withdrawn key stops being believed. When the issuer
does not answer, the keys at hand stay good for a day.
"""

from __future__ import annotations

import base64
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from carnet.record.errors import CarnetError

SIZE_LIMIT = 262_144  # bytes of a JWKS
KEYS_LIMIT = 50
FETCH_SECONDS = 5.0  # for the whole of a fetch
PAUSE_SECONDS = 10.0  # between two attempts
FRESH_SECONDS = 600.0
STALE_SECONDS = 86_400.0
RSA_BITS = (2048, 8192)

Clock = Callable[[], float]
PublicKey = ECKey | RSAKey


class VerificationKey(msgspec.Struct, frozen=True):
    """A public key and the one algorithm that it may be used with."""

    algorithm: str
    key: PublicKey


class _Jwk(msgspec.Struct):
    """The members of a JWK that Carnet reads; ``d`` would make it a private key."""

    kty: str
    kid: str | None = None
    alg: str | None = None
    use: str | None = None
    key_ops: list[str] | None = None
    crv: str | None = None
    x: str | None = None
    y: str | None = None
    n: str | None = None
    e: str | None = None
    d: str | None = None


class _Jwks(msgspec.Struct):
    keys: list[_Jwk]


def parse_jwks(data: bytes) -> dict[str, VerificationKey]:
    """The keys of a JWKS that can verify ES256 or RS256, by key id; others are left out.

    Raises ``ValueError`` for what is no JWKS, for two keys of one id, for a private key.
    """
    try:
        listed = msgspec.json.decode(data, type=_Jwks).keys
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise ValueError("not a JWKS") from None
    if len(listed) > KEYS_LIMIT:
        raise ValueError(f"more than {KEYS_LIMIT} keys")
    found: dict[str, VerificationKey] = {}
    for jwk in listed:
        if jwk.d is not None:
            raise ValueError("it publishes a private key")
        key = _key(jwk)
        if key is None or not jwk.kid:
            continue
        if jwk.kid in found:
            raise ValueError("two keys of one id")
        found[jwk.kid] = key
    return found


def _key(jwk: _Jwk) -> VerificationKey | None:
    if jwk.use not in (None, "sig") or "verify" not in (jwk.key_ops or ["verify"]):
        return None
    try:
        if jwk.kty == "EC" and jwk.crv == "P-256" and jwk.alg in (None, "ES256"):
            ec: dict[str, str | list[str]] = {
                "kty": "EC",
                "crv": "P-256",
                "x": jwk.x or "",
                "y": jwk.y or "",
            }
            point = ECKey.import_key(ec)
            _ = point.public_key  # a point that is not on the curve raises here
            return VerificationKey("ES256", point)
        if jwk.kty == "RSA" and jwk.alg in (None, "RS256"):
            if not RSA_BITS[0] <= _bits(jwk.n or "") <= RSA_BITS[1]:
                return None
            number = RSAKey.import_key({"kty": "RSA", "n": jwk.n or "", "e": jwk.e or ""})
            return VerificationKey("RS256", number)
    except (JoseError, ValueError, UnsupportedAlgorithm):
        return None
    return None


def _bits(modulus: str) -> int:
    """How long an RSA modulus is. Raises ``ValueError`` where it is not base64url."""
    number = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))
    return int.from_bytes(number).bit_length()


class KeySource:
    """The keys of one issuer, kept in memory; ``read`` fetches their JWKS and may block."""

    def __init__(self, read: Callable[[], bytes], clock: Clock) -> None:
        self._read = read
        self._clock = clock
        self._keys: dict[str, VerificationKey] = {}
        self._raw = b""
        self._read_at = float("-inf")
        self._tried_at = float("-inf")

    def find(self, kid: str) -> VerificationKey | None:
        """The key of this id among those at hand, unless they are a day old."""
        if self._clock() - self._read_at > STALE_SECONDS:
            return None
        return self._keys.get(kid)

    def is_due(self, kid: str) -> bool:
        """Whether to read the keys again before a token that names ``kid`` is judged."""
        now = self._clock()
        if now - self._tried_at < PAUSE_SECONDS:
            return False
        return now - self._read_at > FRESH_SECONDS or kid not in self._keys

    def refresh(self) -> bool:
        """Read the keys now; True when they changed. Blocks for five seconds at most.

        Raises ``CarnetError('token-keys-unreadable')``; the keys at hand stay.
        """
        self._tried_at = self._clock()
        try:
            raw = self._read()
            keys = parse_jwks(raw)
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise CarnetError("token-keys-unreadable", detail=_words(error)) from None
        changed = raw != self._raw
        self._keys, self._raw, self._read_at = keys, raw, self._clock()
        return changed


def key_source(place: str, clock: Clock) -> KeySource:
    """The keys at ``place``: an ``http(s)://`` address, else a file."""
    if "://" in place:
        return KeySource(lambda: fetch(place), clock)
    return KeySource(lambda: _read_file(Path(place)), clock)


def _read_file(path: Path) -> bytes:
    with path.open("rb") as file:
        return _bounded(file, time.monotonic() + FETCH_SECONDS)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Keys come from the address in the settings, and from nowhere that it points to."""

    def redirect_request(self, *_: object) -> None:
        """Follow nothing: the answer then counts as an error of its status."""


def fetch(address: str) -> bytes:
    """The JWKS at an address, of bounded size, in bounded time, without redirects.

    Raises ``OSError`` or ``ValueError``.
    """
    opener = urllib.request.build_opener(_NoRedirect)
    request = urllib.request.Request(  # noqa: S310  the settings admit https, and http to loopback
        address, headers={"Accept": "application/jwk-set+json, application/json"}
    )
    deadline = time.monotonic() + FETCH_SECONDS
    try:
        with opener.open(request, timeout=FETCH_SECONDS) as answer:
            return _bounded(answer, deadline)
    except urllib.error.HTTPError as error:
        error.close()
        raise OSError(f"HTTP {error.code}") from None


def _bounded(stream: IO[bytes], deadline: float) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read1(16_384) if hasattr(stream, "read1") else stream.read(16_384):
        pieces.append(piece)
        size += len(piece)
        if size > SIZE_LIMIT:
            raise ValueError(f"longer than {SIZE_LIMIT} bytes")
        if time.monotonic() > deadline:
            raise TimeoutError("it takes too long")
    return b"".join(pieces)


def _words(error: Exception) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return str(reason)[:200] or type(error).__name__
