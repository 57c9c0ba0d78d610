"""A record and the caller's ties to it, loaded in one query; identities; new records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from carnet.record.access.model import Relation, RelationKind
from carnet.record.identity import Identifier, Traits, normalise_name
from carnet.record.lifecycle import RecordState
from carnet.record.structures import actor_key
from carnet.storage import reads, writes
from carnet.storage.batch import Step, step
from carnet.storage.codes import RELATION_OF, RELATIONS, STATE_OF, STATES, RecordSettings
from carnet.storage.sealed import (
    IDENTITY_DECODER,
    LIFE_DECODER,
    TIE_DECODER,
    LifeAct,
    SealedIdentity,
    SealedTie,
    pack,
)
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.statements import Row

if TYPE_CHECKING:
    from carnet.storage.keys import Hasher
    from carnet.storage.store import Store

DAY = 86_400
_AUTHOR = RELATIONS[RelationKind.AUTHOR]
NOBODY = bytes(16)  # a hash that no actor has


class LoadedRecord(msgspec.Struct, frozen=True):
    """A record row and the ties of the person and the structure that ask."""

    record_id: bytes
    state: RecordState
    version: int
    entry_count: int
    event_count: int
    settings: RecordSettings
    relations: tuple[Relation, ...]


class LoadedTie(msgspec.Struct, frozen=True):
    """A tie with its row's key."""

    tie_id: bytes
    actor: bytes
    tie: SealedTie


async def record_of_ins(store: Store, matricule: str) -> bytes | None:
    """The record of a matricule, whatever its OID."""
    rows = await store.main.fetch(reads.RECORD_OF_INS, store.keys.hasher.ins(matricule))
    return rows[0][0] if rows else None


async def load_record(
    store: Store, record_id: bytes, person: bytes, structure: bytes
) -> tuple[LoadedRecord, Sealer] | None:
    """The record with the ties of two actors (``NOBODY`` where there is none), and its key.

    Raises ``TieBroken`` where a tie's columns are not those that were sealed: rights written by
    somebody who has the database and not the keys are worth nothing.
    """
    rows = await store.main.fetch(reads.RECORD_AND_TIES, record_id, person, structure)
    if not rows:
        return None
    sealer = await store.keys.sealer(record_id)
    state, version, entries, events, settings = rows[0][:5]
    relations = tuple(
        _relation(store.keys.hasher, sealer, row[5:], structure)
        for row in rows
        if row[5] is not None
    )
    record = LoadedRecord(
        record_id, STATE_OF[state], version, entries, events, RecordSettings(settings), relations
    )
    return record, sealer


class TieBroken(Exception):
    """A tie does not open, or its columns are not those that were sealed."""


def _relation(hasher: Hasher, sealer: Sealer, row: Row, structure: bytes) -> Relation:
    actor, kind, starts, ends, ended, sealed, tie_id = row
    scope = None
    if kind != _AUTHOR:  # what authors wrote is told by the entries themselves
        try:
            tie = TIE_DECODER.decode(sealer.unseal(b"tie", tie_id, sealed))
        except (SealBroken, msgspec.DecodeError) as fault:
            raise TieBroken from fault
        columns = (tie.kind, tie.starts, tie.ends, tie.ended)
        named = hasher.actor(actor_key(Identifier(tie.actor_root, tie.actor_extension)))
        if columns != (kind, starts, ends, ended) or named != actor:
            raise TieBroken
        scope = tie.scope
    return Relation(
        kind=RELATION_OF[kind],
        start=starts,
        end=_end(ends, ended),
        of_structure=actor == structure,
        scope=scope,
    )


def _end(ends: int, ended: int) -> int:
    """When a tie stops to hold: at its end, or when somebody ended it; 0 for never."""
    if ends and ended:
        return min(ends, ended)
    return ends or ended


async def identities(store: Store, sealer: Sealer) -> list[tuple[int, SealedIdentity, int]]:
    """All versions of a record's identity: number, identity, last day (0: current)."""
    rows = await store.main.fetch(reads.IDENTITIES, sealer.record_id)
    return [
        (seq, IDENTITY_DECODER.decode(sealer.unseal(b"identity", _number(seq), sealed)), to_day)
        for seq, _, to_day, sealed in rows
    ]


async def ties(store: Store, sealer: Sealer) -> list[LoadedTie]:
    """All ties of a record but those of authors."""
    rows = await store.main.fetch(reads.TIES, sealer.record_id)
    return [
        LoadedTie(tie_id, actor, TIE_DECODER.decode(sealer.unseal(b"tie", tie_id, sealed)))
        for _, actor, _, tie_id, _, _, _, sealed in rows
        if sealed
    ]


async def life(store: Store, sealer: Sealer) -> tuple[LifeAct, ...]:
    """The acts of a record's life, oldest first."""
    rows = await store.main.fetch(reads.RECORD, sealer.record_id)
    return LIFE_DECODER.decode(sealer.unseal(b"life", b"", rows[0][-1])) if rows else ()


def identity_row(
    sealer: Sealer, seq: int, from_day: int, to_day: int, identity: SealedIdentity
) -> tuple[object, ...]:
    """A row of ``identity``."""
    sealed = sealer.seal(b"identity", _number(seq), pack(identity))
    return (sealer.record_id, seq, from_day, to_day, sealed)


async def next_identity_steps(
    store: Store, sealer: Sealer, day: int, identity: SealedIdentity
) -> list[Step]:
    """The steps that put another identity in force under the same record.

    The one before ends that day and keeps its lines, so that the former INS still finds the record.
    The step of a new INS's line does not have its row count where another record holds the line:
    the batch then fails with ``Conflict``.
    """
    rows = await store.main.fetch(reads.IDENTITIES, sealer.record_id)
    versions = await identities(store, sealer)
    steps = [step(writes.PUT_IDENTITY, identity_row(sealer, rows[-1][0] + 1, day, 0, identity))]
    known = [place for place, (_, one, _) in enumerate(versions) if one.is_known]
    if known:
        seq, from_day, _, _ = rows[known[-1]]
        ended = identity_row(sealer, seq, from_day, day, versions[known[-1]][1])
        steps.append(step(writes.PUT_IDENTITY, ended))
    hasher = store.keys.hasher
    if all(one.ins.matricule != identity.ins.matricule for _, one, _ in versions):
        line = (hasher.ins(identity.ins.matricule), sealer.record_id, 1)
        steps.append(step(writes.ADD_INS, line, expect=1))
    lines = ((key, sealer.record_id) for key in traits_keys(hasher, identity.traits))
    steps.append(step(writes.ADD_TRAITS, *lines))
    return steps


def sealed_life(sealer: Sealer, acts: tuple[LifeAct, ...]) -> bytes:
    """The sealed column of ``record``."""
    return sealer.seal(b"life", b"", pack(acts))


def tie_row(sealer: Sealer, actor: bytes, tie_id: bytes, tie: SealedTie) -> tuple[object, ...]:
    """A row of ``relation``."""
    sealed = sealer.seal(b"tie", tie_id, pack(tie))
    return (
        sealer.record_id,
        actor,
        tie.kind,
        tie_id,
        tie.starts,
        tie.ends,
        tie.ended,
        sealed,
    )


def new_record_steps(
    store: Store,
    sealer: Sealer,
    state: RecordState,
    act: LifeAct,
    identity: SealedIdentity,
) -> list[Step]:
    """The steps that make a record: its row, its identity, its line in the INS directory."""
    record_id, day = sealer.record_id, act.at // DAY
    row = (record_id, STATES[state], 1, 0, 1, 0, day, sealed_life(sealer, (act,)))
    hasher = store.keys.hasher
    return [
        step(writes.ADD_INS, (hasher.ins(identity.ins.matricule), record_id, 1), expect=1),
        step(writes.INSERT_RECORD, row, expect=1),
        step(writes.PUT_IDENTITY, identity_row(sealer, 1, day, 0, identity)),
    ]


def traits_keys(hasher: Hasher, traits: Traits) -> list[bytes]:
    """The keys of the blind index: birth name, first given name and date; used name and date."""
    family, given = normalise_name(traits.birth_family), normalise_name(traits.first_given)
    found = [hasher.traits(family, given, traits.birth_date)]
    if traits.used_family:
        found.append(hasher.traits(normalise_name(traits.used_family), traits.birth_date))
    return found


def _number(seq: int) -> bytes:
    return seq.to_bytes(8, "big")
