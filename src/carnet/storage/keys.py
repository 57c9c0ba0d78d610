"""Key tiers: master key → bucket keys (65,536, made when first needed) → one data key a record.

Record keys lie in a store of their own, so that deleting one erases the record in backups too
(``docs/threat-model.md``). The keyed hashes of directories come from secrets of the same store.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from carnet.record.errors import CarnetError
from carnet.storage import reads, writes
from carnet.storage.batch import Batch, Reader, Step, Writer, WriterLost, step
from carnet.storage.masterkey import MasterKey
from carnet.storage.sealing import SealBroken, Sealer

HASH = 16
_BLOCK = 64  # bytes of a block of SHA-256; a secret has 32
_SECRETS = ("directory", "journal", "tokens")


def bucket_of(record_id: bytes) -> int:
    """Which of the 65,536 buckets a record's key lies in."""
    return int.from_bytes(record_id[:2])


class Hasher:
    """Keyed hashes (HMAC-SHA256, first 16 bytes) of what must not stand in clear."""

    def __init__(self, key: bytes) -> None:
        # HMAC by hand from two keyed states (RFC 2104): a third of the time of hmac.digest, which
        # lets go of the interpreter at every call.
        padded = key.ljust(_BLOCK, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in padded))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in padded))

    def ins(self, matricule: str) -> bytes:
        """Of the 15 upper-case characters of a matricule, without its OID (written once)."""
        return self._hash(b"ins:", matricule)

    def actor(self, actor_key: str) -> bytes:
        """Of a person or structure: ``record.identity.actor_key``."""
        return self._hash(b"actor:", actor_key)

    def unique_id(self, unique_id: str) -> bytes:
        """Of a document's uniqueId."""
        return self._hash(b"document:", unique_id)

    def traits(self, *parts: str) -> bytes:
        """Of normalised traits, for the blind index."""
        return self._hash(b"traits:", "\x1f".join(parts))

    def _hash(self, kind: bytes, value: str) -> bytes:
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(kind + value.encode())
        outer.update(inner.digest())
        return outer.digest()[:HASH]


class KeyStore:
    """Opens and makes the keys of records."""

    def __init__(self, reader: Reader, writer: Writer, master: MasterKey) -> None:
        self._reader = reader
        self._writer = writer
        self._master = master
        self._buckets: dict[int, Sealer] = {}
        self.hasher: Hasher
        self.journal_key: bytes
        self.token_key: bytes

    async def load(self) -> None:
        """Read the store's secrets. Raises what ``read_secrets`` raises."""
        found = await read_secrets(self._reader, self._master)
        self.hasher = Hasher(found["directory"])
        self.journal_key = found["journal"]
        self.token_key = found["tokens"]

    async def sealer(self, record_id: bytes) -> Sealer:
        """What seals and unseals for one record. Raises ``CarnetError('record-erased')``."""
        rows = await self._reader.fetch(reads.RECORD_KEY, record_id)
        if not rows:
            raise CarnetError("record-erased")
        bucket = self._buckets.get(bucket_of(record_id))
        if bucket is None:
            bucket = await self._open_bucket(bucket_of(record_id))
        return Sealer(bucket.unseal(b"record", record_id, rows[0][0]), record_id)

    async def new_key(self, record_id: bytes) -> tuple[Sealer, Step]:
        """A fresh record key and the step that stores it, to go with the batch of the record."""
        number = bucket_of(record_id)
        bucket = self._buckets.get(number) or await self._make_bucket(number)
        key = secrets.token_bytes(32)
        wrapped = bucket.seal(b"record", record_id, key)
        return Sealer(key, record_id), step(writes.ADD_RECORD_KEY, (record_id, wrapped), expect=1)

    async def _open_bucket(self, number: int) -> Sealer:
        rows = await self._reader.fetch(reads.BUCKET_KEY, number)
        if not rows:
            raise CarnetError("record-erased")
        wrapped, version = rows[0]
        key = self._master.unwrap(_bucket_name(number), wrapped, version)
        self._buckets[number] = Sealer(key)
        return self._buckets[number]

    async def _make_bucket(self, number: int) -> Sealer:
        """The bucket's key, made if absent; who loses a race reads the winner's.

        Raises ``CarnetError('store-unavailable')``.
        """
        if not await self._reader.fetch(reads.BUCKET_KEY, number):
            wrapped = self._master.wrap(_bucket_name(number), secrets.token_bytes(32))
            made = step(writes.ADD_BUCKET_KEY, (number, wrapped, self._master.version))
            try:
                await self._writer.write(Batch(b"", key_steps=(made,)))
            except WriterLost as fault:
                raise CarnetError(fault.code) from None
        return await self._open_bucket(number)


async def read_secrets(reader: Reader, master: MasterKey) -> dict[str, bytes]:
    """The store's secrets by name.

    Raises ``CarnetError``: ``key-file-foreign`` under a wrong master key, ``store-incomplete``.
    """
    rows = await reader.fetch(reads.SECRETS)
    try:
        found = {name: master.unwrap(name.encode(), key, version) for name, key, version in rows}
    except SealBroken:
        raise CarnetError("key-file-foreign") from None
    if set(found) != set(_SECRETS):
        raise CarnetError("store-incomplete")
    return found


def first_secrets(master: MasterKey) -> Step:
    """The step that gives a new store its secrets."""
    rows: list[tuple[Any, ...]] = [
        (name, master.wrap(name.encode(), secrets.token_bytes(32)), master.version)
        for name in _SECRETS
    ]
    return step(writes.ADD_SECRET, *rows)


def _bucket_name(number: int) -> bytes:
    return b"bucket:%d" % number


async def rewrap(reader: Reader, writer: Writer, master: MasterKey) -> int:
    """Wrap every bucket key and secret under the master key's current version; how many moved.

    Data and record keys are not touched. Can be broken off and taken up again.
    """
    moved = 0
    for name, wrapped, version in await reader.fetch(reads.SECRETS):
        if version != master.version:
            label = name.encode()
            fresh = master.wrap(label, master.unwrap(label, wrapped, version))
            row = (name, fresh, master.version)
            await writer.write(Batch(b"", key_steps=(step(writes.PUT_SECRET, row),)))
            moved += 1
    after = -1
    while rows := await reader.fetch(reads.BUCKET_KEYS, after, 500):
        after = rows[-1][0]
        fresh_rows = [
            (n, master.wrap(_bucket_name(n), master.unwrap(_bucket_name(n), w, v)), master.version)
            for n, w, v in rows
            if v != master.version
        ]
        if fresh_rows:
            await writer.write(Batch(b"", key_steps=(step(writes.PUT_BUCKET_KEY, *fresh_rows),)))
            moved += len(fresh_rows)
    return moved
