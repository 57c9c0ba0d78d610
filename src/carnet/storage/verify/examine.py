"""One record examined: a look, and a second one before anything is called damage.

While a server runs, a look may fall between two commits of one act. What a look suspects is
therefore believed only if a fresh look, after all that was being written then stands, suspects the
same at the same place.
"""

from __future__ import annotations

import msgspec

from carnet.record.errors import CarnetError
from carnet.record.lifecycle import RecordState
from carnet.storage.batch import Batch, Conflict
from carnet.storage.codes import STATES
from carnet.storage.sealing import SealBroken, Sealer
from carnet.storage.verify.chains import check_chains
from carnet.storage.verify.context import DATABASE_FAULTS, Context
from carnet.storage.verify.directories import check_lines
from carnet.storage.verify.entries import (
    check_attachments,
    check_entries,
    check_evidence,
    check_replacements,
)
from carnet.storage.verify.journal import JournalReader
from carnet.storage.verify.look import Look
from carnet.storage.verify.model import Finding, Severity, Suspicion, damage, finding
from carnet.storage.verify.objects import check_objects
from carnet.storage.verify.outbox import check_events
from carnet.storage.verify.records import (
    check_identities,
    check_parts,
    check_row,
    check_tie_acts,
    check_ties,
)

_ERASED = STATES[RecordState.ERASED]
_UNUSED = "verify-key-unused"


async def examine(context: Context, journal: JournalReader, record_id: bytes) -> list[Finding]:
    """All findings about one record; what can be mended is mended."""
    look = await _look(context, journal, record_id)
    if look.found:
        first = {suspicion.key for suspicion in look.found}
        await context.settle()
        look = await _look(context, journal, record_id)
        look.found = [suspicion for suspicion in look.found if suspicion.key in first]
    for directory, count in look.lines.items():
        context.lines[directory] += count
    findings: list[Finding] = []
    for suspicion in look.found:
        if suspicion.code == _UNUSED:
            context.unused_keys += 1
        else:
            findings.append(await _settle(context, record_id, suspicion))
    return findings


async def _settle(context: Context, record_id: bytes, suspicion: Suspicion) -> Finding:
    """The finding of a confirmed suspicion, mended if that is possible and wanted."""
    params = suspicion.params
    if suspicion.mend is not None and context.repair:
        try:
            await context.store.writer.write(Batch(record_id, steps=(suspicion.mend.step,)))
        except Conflict:
            pass
        else:
            code = suspicion.mend.code
            return finding(code, Severity.REPAIRED, record_id, suspicion.where, **params)
    return finding(suspicion.code, suspicion.severity, record_id, suspicion.where, **params)


async def _look(context: Context, journal: JournalReader, record_id: bytes) -> Look:
    """One look. A value of a kind that no column holds is told as an unreadable record."""
    look = Look(context, record_id)
    try:
        await _look_through(look, journal)
    except (TypeError, ValueError, OverflowError, LookupError) as fault:
        where = f"record {type(fault).__name__}"
        look.suspect(damage("verify-record-unreadable", where))
    except DATABASE_FAULTS as fault:
        where = f"record {type(fault).__name__}"
        look.suspect(damage("verify-database-broken", where))
    return look


async def _look_through(look: Look, journal: JournalReader) -> None:
    await look.read()
    look.sealer = await _open_key(look)
    await check_chains(look, journal)
    if look.row is None:
        _check_lost(look)
        return
    check_events(look, look.sealer)
    if look.sealer is None:
        return
    check_row(look, look.row, look.sealer)
    check_identities(look, look.sealer)
    check_ties(look, look.sealer)
    check_tie_acts(look)
    await check_parts(look)
    check_entries(look, look.sealer)
    check_evidence(look)
    check_objects(look, look.sealer)
    check_attachments(look, look.sealer)
    check_replacements(look)
    await check_lines(look)


async def _open_key(look: Look) -> Sealer | None:
    """The record's key, and what there is to say of it."""
    erased = look.row is not None and look.row.state == _ERASED
    try:
        sealer = await look.context.store.keys.sealer(look.record_id)
    except CarnetError as error:
        if error.code != "record-erased":
            raise
        if not erased and look.row is not None:
            look.suspect(damage("verify-key-absent", "key"))
        return None
    except (SealBroken, msgspec.DecodeError):
        look.suspect(damage("verify-key-broken", "key"))
        return None
    if erased:
        look.suspect(damage("verify-key-left", "key"))
    return sealer


def _check_lost(look: Look) -> None:
    """A record without its row: a key alone was made for an opening that broke off."""
    mentioned = bool(look.context.scratch.mentions(look.record_id))
    if mentioned or look.has_rows or any(look.trace_ids):
        look.suspect(damage("verify-record-lost", "record"))
    elif look.sealer is not None:
        look.suspect(Suspicion(code=_UNUSED, where="key", severity=Severity.INFO))
