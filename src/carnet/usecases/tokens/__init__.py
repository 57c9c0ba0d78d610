"""Access tokens: who calls, as vouched for by an issuer whom the settings name (RFC 9068).

``docs/tokens.md`` documents the claims. Signing is for demo and test stores only.
"""

from __future__ import annotations

from carnet.usecases.tokens.keys import KeySource, key_source
from carnet.usecases.tokens.sign import Signer, new_signing_key
from carnet.usecases.tokens.verify import TokenVerifier, TrustedIssuer

__all__ = [
    "KeySource",
    "Signer",
    "TokenVerifier",
    "TrustedIssuer",
    "key_source",
    "new_signing_key",
]
