"""Correcting episodes by hand: each an act through the gate, traced, and undoable.

The citizen, who represents them with the power to manage, and professionals who may read may do it
(``Action.ARRANGE``); for everybody who sees all the documents it was made from.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence

import msgspec

from carnet.clinical.order.corrections import Correction, Sort, corrected, in_force
from carnet.clinical.order.episodes import episodes_of
from carnet.clinical.order.model import Episode
from carnet.clinical.order.store import Read, correction_step, read_corrections, read_papers
from carnet.record.access import Action
from carnet.record.caller import Caller
from carnet.record.errors import CarnetError
from carnet.record.trace import Act
from carnet.storage import append
from carnet.storage.batch import Batch, Conflict
from carnet.storage.codes import EventKind
from carnet.usecases.actors import person_key
from carnet.usecases.gate import Gate
from carnet.usecases.lifecycle import TRIES
from carnet.usecases.packing import packed_traces
from carnet.usecases.view import RecordView

LONGEST_NAME = 80  # characters
MOST = 1000  # corrections in force in one view

Make = Callable[[Sequence[Episode]], Correction]


async def join(gate: Gate, caller: Caller, record_id: bytes, documents: Sequence[bytes]) -> bytes:
    """Put the episodes of these documents (logicalIds) together, one document of each is enough.

    Returns the id of the correction. Raises ``arrangement-invalid`` where they are in one episode
    already, ``document-absent`` for what the caller does not see, ``arrangements-full``,
    ``record-contended``, and the refusals of the access rules.
    """

    def make(episodes: Sequence[Episode]) -> Correction:
        parts = tuple(dict.fromkeys(_group(key, episodes) for key in documents))
        if len(parts) < 2:
            raise CarnetError("arrangement-invalid")
        return _new(gate, caller, Sort.JOIN, parts)

    return await _arrange(gate, caller, record_id, documents, make)


async def split(
    gate: Gate, caller: Caller, record_id: bytes, documents: Sequence[bytes], name: str = ""
) -> bytes:
    """Take documents of one episode out of it; two or more, or a name, make one of their own.

    Raises as ``join``; ``arrangement-invalid`` where they are of none, or of several.
    """

    def make(episodes: Sequence[Episode]) -> Correction:
        groups = {_group(key, episodes) for key in documents}
        if len(groups) != 1:
            raise CarnetError("arrangement-invalid")
        group = groups.pop()
        if not any(one.members == group for one in episodes):
            raise CarnetError("arrangement-invalid")
        moved = tuple(dict.fromkeys(documents))
        return _new(gate, caller, Sort.SPLIT, (group,), moved=moved, name=_checked(name))

    return await _arrange(gate, caller, record_id, documents, make)


async def rename(gate: Gate, caller: Caller, record_id: bytes, document: bytes, name: str) -> bytes:
    """Name the episode of a document; one outside all episodes becomes one of its own.

    Raises as ``join``; ``arrangement-invalid`` for a name that is empty or too long.
    """

    def make(episodes: Sequence[Episode]) -> Correction:
        given = _checked(name)
        if not given:
            raise CarnetError("arrangement-invalid")
        return _new(gate, caller, Sort.RENAME, (_group(document, episodes),), name=given)

    return await _arrange(gate, caller, record_id, [document], make)


async def undo(gate: Gate, caller: Caller, record_id: bytes, correction_id: bytes) -> None:
    """Undo a correction that is in force in what the caller sees.

    Raises ``arrangement-absent`` for any other, ``record-contended``, and the refusals.
    """
    for _ in range(TRIES):
        view = await _view(gate, caller, record_id, "undo")
        read = await read_papers(view)
        known = await read_corrections(view)
        applying = {one.id for one in in_force([one for one, _ in known], read.entries)}
        found = next(((one, version) for one, version in known if one.id == correction_id), None)
        if found is None or correction_id not in applying:
            raise CarnetError("arrangement-absent")
        undone = msgspec.structs.replace(
            found[0], undone_at=gate.clock(), undone_by=person_key(caller) or ""
        )
        try:
            await _write(view, read, undone, found[1], "undo")
        except Conflict:
            continue
        return
    raise CarnetError("record-contended")


async def _view(gate: Gate, caller: Caller, record_id: bytes, criteria: str) -> RecordView:
    return await gate.consult(caller, record_id, Action.ARRANGE, Act.ARRANGE, criteria=criteria)


async def _arrange(
    gate: Gate, caller: Caller, record_id: bytes, documents: Collection[bytes], make: Make
) -> bytes:
    """Make a correction of what the caller sees, and write it with its trace."""
    for _ in range(TRIES):
        view = await _view(gate, caller, record_id, "arrange")
        read = await read_papers(view)
        if not documents or not all(key in read.entries for key in documents):
            raise CarnetError("document-absent")
        known = [one for one, _ in await read_corrections(view)]
        if len(in_force(known, read.entries)) >= MOST:
            raise CarnetError("arrangements-full")
        correction = make(corrected(episodes_of(read.papers), known, read.papers))
        try:
            await _write(view, read, correction, 0, str(correction.sort))
        except Conflict:
            continue
        return correction.id
    raise CarnetError("record-contended")


async def _write(
    view: RecordView, read: Read, correction: Correction, version: int, criteria: str
) -> None:
    """Raises ``Conflict`` where somebody wrote to the record first."""
    named = sorted(
        (read.entries[key] for key in correction.documents), key=lambda one: one.entry_no
    )
    traces = view.traces(Act.ARRANGE, named, criteria=criteria)
    record = view.record
    steps = (
        append.touch_step(record, events=1),
        correction_step(view, correction, version),
        append.event_step(record, EventKind.CHANGED, 0, packed_traces(traces)),
    )
    await view.gate.write(Batch(record.record_id, steps=steps, traces=traces))


def _group(key: bytes, episodes: Sequence[Episode]) -> tuple[bytes, ...]:
    """The documents of its episode, or itself alone."""
    return next((one.members for one in episodes if key in one.members), (key,))


def _new(
    gate: Gate,
    caller: Caller,
    sort: Sort,
    parts: tuple[tuple[bytes, ...], ...],
    *,
    moved: tuple[bytes, ...] = (),
    name: str = "",
) -> Correction:
    return Correction(
        id=secrets.token_bytes(16),
        sort=sort,
        parts=parts,
        moved=moved,
        name=name,
        at=gate.clock(),
        by=person_key(caller) or "",
        by_name=caller.name,
    )


def _checked(name: str) -> str:
    """A name on one line. Raises ``arrangement-invalid``."""
    given = " ".join(name.split())
    if len(given) > LONGEST_NAME or not given.isprintable():
        raise CarnetError("arrangement-invalid")
    return given
