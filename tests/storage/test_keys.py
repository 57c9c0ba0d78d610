"""Keys of records on both engines: made, raced for, erased, rewrapped."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.record.errors import CarnetError
from carnet.storage import reads, writes
from carnet.storage.batch import Batch, Reader, Writer, step
from carnet.storage.keys import Hasher, KeyStore, bucket_of, first_secrets, read_secrets, rewrap
from carnet.storage.masterkey import KeyFile
from carnet.storage.sealing import SealBroken
from tests.storage.rigs import Place, PostgresqlPlace, an_id, rows, run, writing

ONE = bytes.fromhex("00010000000000000000000000000001")
TWO = bytes.fromhex("00010000000000000000000000000002")  # of the same bucket
FAR = bytes.fromhex("ffff0000000000000000000000000003")


@pytest.fixture
def master(tmp_path: Path) -> KeyFile:
    return KeyFile.create(tmp_path / "master.key")


@asynccontextmanager
async def opened(
    place: Place, master: KeyFile, writer: Writer
) -> AsyncIterator[tuple[KeyStore, Reader]]:
    """A key store with its secrets, on a reader of its own."""
    reader = place.reader("keys")
    try:
        if not await reader.fetch(reads.SECRETS):
            await writer.write(Batch(b"", key_steps=(first_secrets(master),)))
        store = KeyStore(reader, writer, master)
        await store.load()
        yield store, reader
    finally:
        await reader.close()


def test_a_record_is_unsealed_by_another_who_holds_the_keys(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            async with opened(place, master, writer) as (store, _):
                sealer, made = await store.new_key(ONE)
                sealed = sealer.seal(b"kind", b"name", b"data")
                with pytest.raises(CarnetError, match="record-erased"):
                    await store.sealer(ONE)  # not before its batch stands
                await writer.write(Batch(ONE, key_steps=(made,)))
            async with opened(place, master, writer) as (another, _):
                again = await another.sealer(ONE)
                assert again.unseal(b"kind", b"name", sealed) == b"data"
                assert another.hasher.ins("x") == store.hasher.ins("x")
                assert another.journal_key == store.journal_key != another.token_key

    run(scene())


def test_two_who_make_one_bucket_key_use_the_same(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        async with (
            writing(place) as writer,
            opened(place, master, writer) as (first, _),
            opened(place, master, writer) as (second, _),
        ):
            made = await asyncio.gather(first.new_key(ONE), second.new_key(TWO))
            for record_id, (_, key_step) in zip((ONE, TWO), made, strict=True):
                await writer.write(Batch(record_id, key_steps=(key_step,)))
            sealed = made[0][0].seal(b"kind", b"", b"one")
            assert (await second.sealer(ONE)).unseal(b"kind", b"", sealed) == b"one"
            sealed = made[1][0].seal(b"kind", b"", b"two")
            assert (await first.sealer(TWO)).unseal(b"kind", b"", sealed) == b"two"
        assert len(await rows(place, reads.BUCKET_KEYS, -1, 10, of="keys")) == 1

    run(scene())


def test_two_writers_who_make_one_bucket_key_use_the_same(
    postgresql_place: PostgresqlPlace, master: KeyFile
) -> None:
    async def scene() -> None:
        place = postgresql_place
        async with (
            writing(place) as one,
            writing(place) as two,
            opened(place, master, one) as (first, _),
            opened(place, master, two) as (second, _),
        ):
            ids = [bytes((0, 1)) + an_id(n)[2:] for n in range(20)]
            stores = [(first, one), (second, two)] * 10

            async def made(record_id: bytes, store: KeyStore, writer: Writer) -> bytes:
                sealer, key_step = await store.new_key(record_id)
                await writer.write(Batch(record_id, key_steps=(key_step,)))
                return sealer.seal(b"kind", b"", record_id)

            sealed = await asyncio.gather(
                *(made(i, *store) for i, store in zip(ids, stores, strict=True))
            )
            for record_id, data in zip(ids, sealed, strict=True):
                for store in (first, second):
                    assert (await store.sealer(record_id)).unseal(b"kind", b"", data) == record_id

    run(scene())


def test_an_erased_record_opens_no_more(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        async with writing(place) as writer, opened(place, master, writer) as (store, _):
            _, made = await store.new_key(ONE)
            await writer.write(Batch(ONE, key_steps=(made,)))
            await store.sealer(ONE)
            erased = step(writes.DELETE_RECORD_KEY, (ONE,), expect=1)
            await writer.write(Batch(ONE, key_steps=(erased,)))
            with pytest.raises(CarnetError, match="record-erased"):
                await store.sealer(ONE)

    run(scene())


def test_a_key_moved_to_another_record_does_not_open(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        async with writing(place) as writer, opened(place, master, writer) as (store, reader):
            _, made = await store.new_key(ONE)
            await writer.write(Batch(ONE, key_steps=(made,)))
            [(wrapped,)] = await reader.fetch(reads.RECORD_KEY, ONE)
            await writer.write(Batch(TWO, key_steps=(step(writes.ADD_RECORD_KEY, (TWO, wrapped)),)))
            with pytest.raises(SealBroken):
                await store.sealer(TWO)

    run(scene())


def test_another_master_key_opens_nothing(place: Place, master: KeyFile, tmp_path: Path) -> None:
    async def scene() -> None:
        async with writing(place) as writer, opened(place, master, writer) as (_, reader):
            other = KeyFile.create(tmp_path / "other.key")
            with pytest.raises(CarnetError, match="key-file-foreign"):
                await read_secrets(reader, other)

    run(scene())


def test_a_key_store_without_secrets_is_incomplete(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        reader = place.reader("keys")
        with pytest.raises(CarnetError, match="store-incomplete"):
            await read_secrets(reader, master)
        await reader.close()

    run(scene())


def test_rotation_rewraps_and_the_old_version_can_go(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            sealed = {}
            async with opened(place, master, writer) as (store, reader):
                for record_id in (ONE, TWO, FAR):
                    sealer, made = await store.new_key(record_id)
                    await writer.write(Batch(record_id, key_steps=(made,)))
                    sealed[record_id] = sealer.seal(b"kind", b"", record_id)
                before = await reader.fetch(reads.RECORD_KEY, ONE)
                rotated = master.add_version()
                assert await rewrap(reader, writer, rotated) == 3 + 2
                assert await rewrap(reader, writer, rotated) == 0
                assert await reader.fetch(reads.RECORD_KEY, ONE) == before
                assert {row[2] for row in await reader.fetch(reads.BUCKET_KEYS, -1, 10)} == {2}
                hashed = store.hasher.ins("x")
            only = rotated.drop_old_versions()
            async with opened(place, only, writer) as (store, _):
                assert store.hasher.ins("x") == hashed
                for record_id, data in sealed.items():
                    assert (await store.sealer(record_id)).unseal(b"kind", b"", data) == record_id

    run(scene())


def test_a_rotation_broken_off_reads_under_both_versions(place: Place, master: KeyFile) -> None:
    async def scene() -> None:
        async with writing(place) as writer:
            async with opened(place, master, writer) as (store, reader):
                _, made = await store.new_key(ONE)
                await writer.write(Batch(ONE, key_steps=(made,)))
                rotated = master.add_version()
                name, wrapped, version = (await reader.fetch(reads.SECRETS))[0]
                fresh = rotated.wrap(name.encode(), rotated.unwrap(name.encode(), wrapped, version))
                await writer.write(
                    Batch(b"", key_steps=(step(writes.PUT_SECRET, (name, fresh, 2)),))
                )
            async with opened(place, rotated, writer) as (store, reader):
                await store.sealer(ONE)
                assert await rewrap(reader, writer, rotated) == 2 + 1

    run(scene())


def test_buckets_are_the_first_two_bytes() -> None:
    assert [bucket_of(one) for one in (ONE, TWO, FAR)] == [1, 1, 65_535]


def test_hashes_depend_on_key_and_kind() -> None:
    one, two = Hasher(b"1" * 32), Hasher(b"2" * 32)
    hashes = {one.ins("x"), two.ins("x"), one.actor("x"), one.unique_id("x"), one.traits("x")}
    assert len(hashes) == 5
    assert {len(value) for value in hashes} == {16}
    assert one.traits("ab", "c") != one.traits("a", "bc")


@given(st.binary(min_size=1, max_size=64), st.text(st.characters(codec="utf-8")))
def test_a_keyed_hash_is_hmac_sha256(key: bytes, value: str) -> None:
    expected = hmac.digest(key, b"ins:" + value.encode(), "sha256")[:16]
    assert Hasher(key).ins(value) == expected
