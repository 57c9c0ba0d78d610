"""The record's own row, its identities, its ties: seals open, clear columns say the same."""

from __future__ import annotations

from collections import Counter

import msgspec

from carnet.record.access.model import RelationKind
from carnet.record.errors import CarnetError
from carnet.record.identity import Identifier
from carnet.record.lifecycle import LifecycleEvent, RecordState, next_state
from carnet.record.structures import actor_key
from carnet.storage import reads, writes
from carnet.storage.batch import step
from carnet.storage.codes import RELATION_OF, RELATIONS, STATES
from carnet.storage.records import DAY
from carnet.storage.sealed import (
    IDENTITY_ACT,
    IDENTITY_DECODER,
    LIFE_DECODER,
    SETTINGS_ACT,
    TIE_DECODER,
    LifeAct,
    SealedTie,
)
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.statements import Row
from carnet.storage.verify.look import Look, RecordRow
from carnet.storage.verify.model import Mend, Suspicion, damage

_AUTHOR = RELATIONS[RelationKind.AUTHOR]
_NO_TIE = bytes(16)
_BROKEN = (SealBroken, msgspec.DecodeError)


def check_row(look: Look, row: RecordRow, sealer: Sealer) -> None:
    """State, settings and date of a record are those that its sealed acts lead to."""
    try:
        acts = LIFE_DECODER.decode(sealer.unseal(b"life", b"", row.sealed))
        state = _state_after(acts)
    except (*_BROKEN, CarnetError, ValueError):
        look.suspect(damage("verify-life-broken", "record"))
        return
    look.identity_acts = sum(act.event == IDENTITY_ACT for act in acts)
    if STATES[state] != row.state:
        expected = STATES[state]
        where = "record column state"
        look.suspect(damage("verify-state-differs", where, value=row.state, expected=expected))
    settings = next((a.settings for a in reversed(acts) if a.settings is not None), 0)
    if settings != row.settings:
        where = "record column settings"
        look.suspect(damage("verify-settings-differ", where, value=row.settings))
    day = acts[-1].at // DAY
    if day != row.updated_day:
        look.suspect(
            damage(
                "verify-count-differs",
                "record column updated_day",
                column="updated_day",
                value=row.updated_day,
                expected=day,
            )
        )


def _state_after(acts: tuple[LifeAct, ...]) -> RecordState:
    """Where the acts of a life lead. Raises ``CarnetError`` or ``ValueError`` if nowhere."""
    if not acts:
        raise ValueError("a record without an act")
    state, was_open = RecordState.NONE, False
    for act in acts:
        if act.event in (SETTINGS_ACT, IDENTITY_ACT):
            continue
        state = next_state(state, LifecycleEvent(act.event), was_open=was_open)
        was_open = was_open or state is RecordState.OPEN
    return state


def check_identities(look: Look, sealer: Sealer) -> None:
    """Each version of the identity opens, none is missing, and each ends where the next begins."""
    numbers = [row[0] for row in look.identity_rows]
    for number in range(1, len(numbers) + 1):
        if number not in numbers:
            look.suspect(damage("verify-identity-absent", f"identity {number}"))
    if not numbers:
        look.suspect(damage("verify-identity-absent", "identity 1"))
    known: list[Row] = []
    for row in look.identity_rows:
        number, _, _, sealed = row
        try:
            name = number.to_bytes(8, "big")
            identity = IDENTITY_DECODER.decode(sealer.unseal(b"identity", name, sealed))
        except _BROKEN:
            look.suspect(damage("verify-identity-broken", f"identity {number}"))
            continue
        look.identities.append(identity)
        if identity.is_known:
            known.append(row)
    if len(look.identities) == len(look.identity_rows) and len(known) <= look.identity_acts:
        look.suspect(damage("verify-identity-absent", f"identity {len(numbers) + 1}"))
    _check_ends(look, known)


def _check_ends(look: Look, known: list[Row]) -> None:
    """A known identity ends on the day on which the next begins; the last has no end."""
    for row, following in zip(known, [*known[1:], None], strict=True):
        expected = following[1] if following is not None else 0
        if row[2] != expected:
            where = f"identity {row[0]} column to_day"
            look.suspect(
                damage(
                    "verify-count-differs",
                    where,
                    column="to_day",
                    value=row[2],
                    expected=expected,
                )
            )


def check_ties(look: Look, sealer: Sealer) -> None:
    """Each tie opens and its columns are those of the sealed tie; authors wrote something."""
    authors = _authors_of_entries(look)
    for row in look.tie_rows:
        _, actor, kind, tie_id, starts, ends, ended, sealed = row
        if kind == _AUTHOR:
            good = actor in authors and not sealed and not ends and not ended
            if not good or tie_id != _NO_TIE:
                look.suspect(damage("verify-author-unfounded", f"author {actor.hex()}"))
            continue
        where = f"tie {tie_id.hex()}"
        try:
            tie = TIE_DECODER.decode(sealer.unseal(b"tie", tie_id, sealed))
        except _BROKEN:
            look.suspect(damage("verify-tie-broken", where))
            continue
        look.ties.append((row, tie))
        said = (_actor_hash(look, tie), tie.kind, tie.starts, tie.ends, tie.ended)
        stored = (actor, kind, starts, ends, ended)
        names = ("actor", "kind", "starts", "ends", "ended")
        for name, clear, hidden in zip(names, stored, said, strict=True):
            if clear != hidden:
                at = f"{where} column {name}"
                look.suspect(damage("verify-tie-differs", at, column=name))
    standing = {row[1] for row in look.tie_rows if row[2] == _AUTHOR}
    for author in sorted(authors.keys() - standing):
        look.suspect(_absent_author(look, author, authors[author]))


def _actor_hash(look: Look, tie: SealedTie) -> bytes:
    key = actor_key(Identifier(tie.actor_root, tie.actor_extension))
    return look.context.hasher.actor(key)


def _authors_of_entries(look: Look) -> dict[bytes, int]:
    """The authors of a record's entries, each with the day of their first entry."""
    days: dict[bytes, int] = {}
    for number, row in sorted(look.entries.items()):
        for author in {row.author, *look.entry_actors.get(number, ())} - {_NO_TIE}:
            days.setdefault(author, row.created_day)
    return days


def _absent_author(look: Look, author: bytes, day: int) -> Suspicion:
    row: Row = (look.record_id, author, _AUTHOR, _NO_TIE, day * DAY, 0, 0, b"")
    mend = Mend(step(writes.ADD_RELATION, row), "verify-author-rebuilt")
    return Suspicion(code="verify-author-absent", where=f"author {author.hex()}", mend=mend)


def check_tie_acts(look: Look) -> None:
    """The traces tell of as many makings and endings of ties as the ties themselves.

    A tie's version counts them; a tie row that was deleted or put back to before its end, which no
    seal shows, is seen so.
    """
    if not look.traces_open:
        return
    told = Counter(trace.criteria for trace in look.tie_acts)
    standing: Counter[str | None] = Counter()
    for _, tie in look.ties:
        standing[str(RELATION_OF[tie.kind])] += tie.version
    for kind in sorted(filter(None, told.keys() | standing.keys())):
        if told[kind] != standing[kind]:
            look.suspect(
                damage(
                    "verify-tie-count",
                    f"ties {kind}",
                    kind=kind,
                    told=told[kind],
                    standing=standing[kind],
                )
            )


async def check_parts(look: Look) -> None:
    """A merge names a record that exists."""
    for row in look.parts:
        absorbed = row[1]
        if not await look.context.store.main.fetch(reads.RECORD, absorbed):
            look.suspect(damage("verify-part-unfounded", f"part {absorbed.hex()}"))
