from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from carnet.record.access.model import RelationKind
from carnet.record.identity import OID_PROFESSIONAL, OID_STRUCTURE, Identifier, Sex, Traits
from carnet.record.lifecycle import RecordState
from carnet.record.structures import actor_key
from carnet.storage import records, writes
from carnet.storage.batch import Batch, Step, step
from carnet.storage.codes import RELATIONS
from carnet.storage.keys import Hasher
from carnet.storage.sealed import LifeAct, SealedIdentity, SealedTie
from carnet.storage.sealing import Sealer
from carnet.storage.store import Store
from tests.storage.rigs import Place, a_store, an_id, run
from tests.storage.samples import INS

ONE, NONE = an_id(1), an_id(99)
ME, HOUSE = b"m" * 16, b"h" * 16
TRAITS = Traits("Montreuil", "Ada", Sex.FEMALE, "1980-05-17")
IDENTITY = SealedIdentity(INS, TRAITS, "qualified", "teleservice")
ACT = LifeAct("open", 20_000 * records.DAY + 7, "actor", "operator", ground="consent")
DOCTOR = Identifier(OID_PROFESSIONAL, "810000000017")
COLLEAGUE = Identifier(OID_PROFESSIONAL, "810000000025")
CLINIC = Identifier(OID_STRUCTURE, "1750712184")


def hashed(store: Store, actor: Identifier) -> bytes:
    return store.keys.hasher.actor(actor_key(actor))


def a_tie(
    actor: Identifier,
    kind: RelationKind,
    *,
    ends: int = 0,
    ended: int = 0,
    scope: str | None = None,
) -> SealedTie:
    return SealedTie(
        kind=RELATIONS[kind],
        starts=10,
        ends=ends,
        ended=ended,
        actor_root=actor.root,
        actor_extension=actor.extension,
        made_at=10,
        made_by="citizen",
        made_by_actor="me",
        scope=scope,
    )


async def opened(store: Store, *further: tuple[bytes, bytes, SealedTie]) -> Sealer:
    """A record with ties: actor, tie id, tie."""
    sealer, key = await store.keys.new_key(ONE)
    steps: list[Step] = records.new_record_steps(store, sealer, RecordState.OPEN, ACT, IDENTITY)
    ties = [records.tie_row(sealer, *one) for one in further]
    if ties:
        steps.append(step(writes.PUT_RELATION, *ties))
    await store.writer.write(Batch(ONE, tuple(steps), key_steps=(key,)))
    return sealer


def test_a_new_record_is_found_by_its_matricule(place: Place, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            sealer = await opened(store)
            assert await records.record_of_ins(store, INS.matricule) == ONE
            assert await records.record_of_ins(store, "1" * 15) is None
            assert await records.identities(store, sealer) == [(1, IDENTITY, 0)]
            assert await records.life(store, sealer) == (ACT,)
            found = await records.load_record(store, ONE, ME, HOUSE)
            assert found is not None
            loaded, key = found
            assert key.record_id == ONE
            assert await records.identities(store, key) == [(1, IDENTITY, 0)]
            assert (loaded.state, loaded.version, loaded.entry_count) == (RecordState.OPEN, 1, 0)
            assert loaded.relations == ()

    run(scene())


def test_an_absent_record_is_none(place: Place, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            assert await records.load_record(store, NONE, ME, HOUSE) is None
            assert await records.life(store, Sealer(b"k" * 32, NONE)) == ()
            assert await records.identities(store, Sealer(b"k" * 32, NONE)) == []

    run(scene())


def test_who_asks_is_given_their_own_ties_and_those_of_their_structure(
    place: Place, tmp_path: Path
) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            me, house, other = (hashed(store, one) for one in (DOCTOR, CLINIC, COLLEAGUE))
            ties = (
                (me, an_id(11), a_tie(DOCTOR, RelationKind.DELEGATE, scope="manage", ends=500)),
                (me, an_id(12), a_tie(DOCTOR, RelationKind.PHYSICIAN, ends=900, ended=300)),
                (house, an_id(13), a_tie(CLINIC, RelationKind.AUTHORISATION)),
                (other, an_id(14), a_tie(COLLEAGUE, RelationKind.BLOCK)),
            )
            sealer = await opened(store, *ties)
            loaded = await records.load_record(store, ONE, me, house)
            assert loaded is not None
            found = {tie.kind: tie for tie in loaded[0].relations}
            assert set(found) == {
                RelationKind.DELEGATE,
                RelationKind.PHYSICIAN,
                RelationKind.AUTHORISATION,
            }
            assert found[RelationKind.AUTHORISATION].of_structure
            assert not found[RelationKind.DELEGATE].of_structure
            assert found[RelationKind.DELEGATE].scope == "manage"
            ends = [found[kind].end for kind in (RelationKind.DELEGATE, RelationKind.PHYSICIAN)]
            assert ends == [500, 300]
            assert found[RelationKind.AUTHORISATION].holds(1 << 40)
            nobody = await records.load_record(store, ONE, records.NOBODY, records.NOBODY)
            assert nobody is not None
            assert nobody[0].relations == ()
            everybody = await records.ties(store, sealer)
            assert {(tie.actor, tie.tie_id): tie.tie for tie in everybody} == {
                (actor, tie_id): tie for actor, tie_id, tie in ties
            }

    run(scene())


def columns_changed(store: Store, sealer: Sealer) -> list[tuple[object, ...]]:
    """Rows that somebody wrote who has the database and not the keys."""
    me, other = hashed(store, DOCTOR), hashed(store, COLLEAGUE)
    row = records.tie_row(sealer, me, an_id(11), a_tie(DOCTOR, RelationKind.AUTHORISATION, ends=9))
    changes: tuple[tuple[int, object], ...] = (
        (1, other),
        (2, RELATIONS[RelationKind.PHYSICIAN]),
        (3, an_id(12)),
        (4, 1),
        (5, 0),
        (6, 5),
        (7, b"forged"),
    )
    return [(*row[:place], value, *row[place + 1 :]) for place, value in changes]


@pytest.mark.parametrize("number", range(7))
def test_a_tie_whose_columns_were_not_sealed_is_broken(
    place: Place, tmp_path: Path, number: int
) -> None:
    async def scene() -> None:
        async with a_store(place, tmp_path) as store:
            sealer = await opened(store)
            forged = columns_changed(store, sealer)[number]
            await store.writer.write(Batch(ONE, (step(writes.PUT_RELATION, forged),)))
            with pytest.raises(records.TieBroken):
                await records.load_record(
                    store, ONE, hashed(store, DOCTOR), hashed(store, COLLEAGUE)
                )

    run(scene())


def test_the_blind_index_forgives_how_a_name_is_written() -> None:
    hasher = Hasher(b"h" * 32)
    once = records.traits_keys(hasher, TRAITS)
    assert once == records.traits_keys(hasher, Traits("MONTREUIL", "ada", Sex.MALE, "1980-05-17"))
    assert once != records.traits_keys(hasher, Traits("Montreuil", "Ada", Sex.FEMALE, "1980-05-18"))
    used = msgspec.structs.replace(TRAITS, used_family="Vasseur")
    assert records.traits_keys(hasher, used)[0] == once[0]
    assert len(records.traits_keys(hasher, used)) == 2
