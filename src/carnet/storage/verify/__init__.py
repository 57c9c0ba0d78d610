"""The check of a whole store, on ciphertext and with the record keys, outside the gate.

Every record is read once: key, seals, clear columns against what is sealed, entries against pages,
objects against metadata, directory lines, both chains against the journal. Then objects without
an entry are collected and lines that name nothing are looked for. Nothing is returned of what the
records hold: findings say which record and place, in words (design §3, §4).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable

from carnet.storage.store import Store
from carnet.storage.verify.anchors import (
    Anchor,
    anchor_text,
    check_anchor,
    export_anchor,
    read_anchor,
)
from carnet.storage.verify.context import DATABASE_FAULTS, Context
from carnet.storage.verify.examine import examine
from carnet.storage.verify.journal import JournalReader
from carnet.storage.verify.model import Finding, Progress, Severity, Suspicion, finding
from carnet.storage.verify.objects import collect
from carnet.storage.verify.strays import find_strays
from carnet.storage.verify.walk import all_record_ids, mentioned_ids

__all__ = [
    "Anchor",
    "Finding",
    "Progress",
    "Severity",
    "anchor_text",
    "export_anchor",
    "read_anchor",
    "verify",
]

_EVERY = 100  # records between two words of progress


async def verify(
    store: Store,
    *,
    repair: bool = True,
    anchor: Anchor | None = None,
    since: Anchor | None = None,
    completed: Iterable[bytes] = (),
    progress: Progress | None = None,
    now: float | None = None,
) -> AsyncIterator[Finding]:
    """Check everything and give what is found, as it is found.

    With ``since``, only the records that changed after that anchor, whole: neither strays nor
    objects without an entry, for which everything must be read. ``completed`` are the records whose
    traces the ledger completed when it was opened for this check (``Ledger.completed_records``);
    ``now`` is in seconds since 1970 UTC. A server may run meanwhile. Raises
    ``CarnetError('anchor-altered')``.
    """
    context = Context(
        store,
        now=time.time() if now is None else now,
        repair=repair,
        partial=since is not None,
    )
    try:
        for record_id in dict.fromkeys(completed):
            yield finding("verify-trace-completed", Severity.REPAIRED, record_id, "chain")
        for held in (anchor, since):
            if held is not None:
                async for found in check_anchor(store, held):
                    yield _noted(context, found)
        async for found in _stages(context, since, progress):
            yield _noted(context, found)
        if since is None:
            for found in collect(context, progress):
                yield _noted(context, found)
    finally:
        context.scratch.close()


async def _stages(
    context: Context, since: Anchor | None, progress: Progress | None
) -> AsyncIterator[Finding]:
    """The journal, the records, the directories; a database that cannot be read ends its stage."""
    for stage in (_journal_and_records, _directories):
        try:
            async for found in stage(context, since, progress):
                yield found
        except DATABASE_FAULTS as fault:
            where = f"{stage.__name__.strip('_')} {type(fault).__name__}"
            yield finding("verify-database-broken", Severity.DAMAGE, None, where)


async def _journal_and_records(
    context: Context, since: Anchor | None, progress: Progress | None
) -> AsyncIterator[Finding]:
    journal = JournalReader(context)
    for one in since.streams if since is not None else ():
        journal.begin_after(bytes.fromhex(one.stream), one.seq, bytes.fromhex(one.mac))
    for suspicion in await journal.catch_up(progress):
        yield _told(suspicion)
    context.scratch.index()
    done = 0
    async for record_id in all_record_ids(context) if since is None else mentioned_ids(context):
        for found in await examine(context, journal, record_id):
            yield found
        await asyncio.sleep(0)  # readers of an embedded store never wait: let others run
        done += 1
        if progress is not None and done % _EVERY == 0:
            progress("records", done)
    for suspicion in journal.later:
        yield _told(suspicion)
    if context.unused_keys:
        yield finding("verify-key-unused", Severity.INFO, None, "keys", count=context.unused_keys)


async def _directories(
    context: Context, since: Anchor | None, progress: Progress | None
) -> AsyncIterator[Finding]:
    if since is not None:
        return
    async for found in find_strays(context, progress):
        yield found


def _told(suspicion: Suspicion) -> Finding:
    """The finding of something that needs no second look: rows of the journal never change."""
    return finding(suspicion.code, suspicion.severity, None, suspicion.where, **suspicion.params)


def _noted(context: Context, found: Finding) -> Finding:
    """Remember that there is damage, so that no leftover of it is collected."""
    context.damaged = context.damaged or found.severity is Severity.DAMAGE
    return found
