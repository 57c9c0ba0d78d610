"""AES-256-GCM over everything that says something about a person.

What is sealed is bound to its record, its kind and its name as associated data, so that a sealed
value moved to another place does not open.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
TAG = 16


class SealBroken(Exception):
    """Sealed bytes do not open under their key and place: altered, moved or of another key."""


class Sealer:
    """Seals and unseals what belongs to one record (or to the store: an empty record id)."""

    __slots__ = ("_aead", "record_id")

    def __init__(self, key: bytes, record_id: bytes = b"") -> None:
        self._aead = AESGCM(key)
        self.record_id = record_id

    def seal(self, kind: bytes, name: bytes, data: bytes) -> bytes:
        """Nonce, ciphertext and tag of ``data`` as object ``name`` of a kind in this record."""
        nonce = os.urandom(NONCE)
        return nonce + self._aead.encrypt(nonce, data, self.record_id + kind + name)

    def unseal(self, kind: bytes, name: bytes, sealed: bytes) -> bytes:
        """The data. Raises ``SealBroken``."""
        try:
            return self._aead.decrypt(sealed[:NONCE], sealed[NONCE:], self.record_id + kind + name)
        except (InvalidTag, ValueError) as fault:
            raise SealBroken(kind.decode()) from fault
