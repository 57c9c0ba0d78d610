"""``carnet verify``: the check of a whole store."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of
from carnet.cli.output import language
from carnet.record.errors import CarnetError

if TYPE_CHECKING:
    from carnet.storage.verify import Finding

_DAMAGED = 1


def verify(
    common: Common | None = None,
    *,
    anchor: Annotated[
        Path | None, Parameter(help="Hold the store against heads exported earlier.")
    ] = None,
    export_anchor: Annotated[
        Path | None, Parameter(help="Write the heads of the journal to a file, to keep elsewhere.")
    ] = None,
    repair: Annotated[
        bool, Parameter(help="Collect orphans, rebuild directory lines, complete traces.")
    ] = True,
) -> int:
    """Check every hash, seal, chain and directory line of a store.

    Completes what a crash left between the two databases, collects orphans, and reports in words;
    with --json a line a finding. The exit status is 1 where damage was found. Works on ciphertext,
    beside a running server or without one.
    """
    import asyncio

    known = _read(anchor) if anchor is not None else None
    status, made = asyncio.run(_verify(common, anchor, known, repair=repair))
    if export_anchor is not None:
        export_anchor.write_bytes(made)
    return status


def _words(found: Finding) -> str:
    """A finding as a person reads it: where, what, and what to do."""
    french = language() == "fr"
    what, remedy = (
        (found.french, found.remedy_french) if french else (found.english, found.remedy_english)
    )
    record = f"{found.record} " if found.record else ""
    return f"{found.severity} {record}{found.where}: {what} {remedy}"


def _read(anchor: Path) -> bytes:
    try:
        return anchor.read_bytes()
    except OSError:
        raise CarnetError("file-unreadable", str(anchor)) from None


async def _verify(
    common: Common | None, anchor: Path | None, known: bytes | None, *, repair: bool
) -> tuple[int, bytes]:
    """The exit status, and the anchor of the store as it stands."""
    from carnet.cli.output import json_line, progress
    from carnet.cli.stores import completed_records, opened
    from carnet.storage import verify as check

    settings = settings_of(common)
    as_json = common is not None and common.json
    counts = dict.fromkeys(check.Severity, 0)
    async with opened(settings) as store:
        held = check.read_anchor(known, str(anchor)) if known is not None else None
        with progress("Checking", None, quiet=as_json) as bar:
            async for found in check.verify(
                store,
                repair=repair,
                anchor=held,
                completed=completed_records(store),
                progress=lambda *_: bar(),
            ):
                counts[found.severity] += 1
                if as_json:
                    json_line(found.line())
                else:
                    print(_words(found))
        made = check.anchor_text(await check.export_anchor(store, int(time.time())))
    damage = counts[check.Severity.DAMAGE]
    if not as_json:
        repaired = counts[check.Severity.REPAIRED]
        print(f"{damage} damaged, {repaired} repaired." if damage or repaired else "Clean.")
    return (_DAMAGED if damage else 0), made
