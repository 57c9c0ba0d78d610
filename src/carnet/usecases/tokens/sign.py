"""Signs access tokens for demo and test stores; production stores only verify.

The key is made once a store and kept in its data directory by whoever calls this.
"""

from __future__ import annotations

import msgspec
from joserfc import jwt
from joserfc.jwk import ECKey

from carnet.record.caller import Caller, CallerKind
from carnet.usecases.tokens.claims import caller_claims

ALGORITHM = "ES256"


def new_signing_key() -> bytes:
    """A fresh private key, as a JWK in JSON; to be written 0600."""
    key = ECKey.generate_key("P-256")
    return msgspec.json.encode({**key.as_dict(private=True), "kid": key.thumbprint()})


class Signer:
    """Signs with the private key that ``new_signing_key`` made."""

    def __init__(self, material: bytes) -> None:
        self._key = ECKey.import_key(msgspec.json.decode(material, type=dict[str, str | list[str]]))
        self._kid = self._key.thumbprint()  # RFC 7638

    def jwks(self) -> bytes:
        """The public half, as the JWKS that verifies these tokens."""
        public = self._key.as_dict(private=False)
        return msgspec.json.encode(
            {"keys": [{**public, "kid": self._kid, "alg": ALGORITHM, "use": "sig"}]}
        )

    def sign(
        self,
        caller: Caller,
        *,
        iss: str,
        audience: str,
        client_id: str,
        jti: str,
        now: int,
        lifetime: int,
    ) -> str:
        """A token that vouches for this caller during ``lifetime`` seconds from ``now``."""
        claims = {
            "iss": iss,
            "sub": _subject(caller),
            "aud": audience,
            "client_id": client_id,
            "jti": jti,
            "iat": now,
            "exp": now + lifetime,
            **caller_claims(caller),
        }
        header = {"alg": ALGORITHM, "typ": "at+jwt", "kid": self._kid}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])


def _subject(caller: Caller) -> str:
    """Whom the token is about (RFC 9068 §2.2): the identifier that the caller is known by."""
    if caller.kind is CallerKind.CITIZEN and caller.ins is not None:
        return caller.ins.matricule
    known = caller.identifier or caller.structure
    return known.extension if known else caller.kind.value
