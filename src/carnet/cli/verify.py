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
_Held = tuple[bytes, str]  # an anchor's bytes, and the name of its file


def verify(
    common: Common | None = None,
    *,
    anchor: Annotated[
        Path | None, Parameter(help="Hold the store against heads exported earlier.")
    ] = None,
    since: Annotated[
        Path | None,
        Parameter(help="Check only the records that changed since these heads were exported."),
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
    beside a running server or without one. With --since it is quick: lines and bytes that no record
    names are left to a whole check.
    """
    import asyncio

    held = [None if path is None else (_read(path), str(path)) for path in (anchor, since)]
    status, made = asyncio.run(_verify(common, held[0], held[1], repair=repair))
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
    common: Common | None, anchor: _Held | None, since: _Held | None, *, repair: bool
) -> tuple[int, bytes]:
    """The exit status, and the anchor of the store as it was when the check began.

    A later check ``since`` it sees what was written while this one ran.
    """
    from carnet.cli.output import json_line, progress
    from carnet.cli.stores import completed_records, opened
    from carnet.storage import verify as check

    settings = settings_of(common)
    as_json = common is not None and common.json
    counts = dict.fromkeys(check.Severity, 0)
    async with opened(settings) as store:
        made = check.anchor_text(await check.export_anchor(store, int(time.time())))
        with progress("Checking", None, quiet=as_json) as bar:
            async for found in check.verify(
                store,
                repair=repair,
                anchor=check.read_anchor(*anchor) if anchor is not None else None,
                since=check.read_anchor(*since) if since is not None else None,
                completed=completed_records(store),
                progress=lambda *_: bar(),
            ):
                counts[found.severity] += 1
                if as_json:
                    json_line(found.line())
                else:
                    print(_words(found))
    damage = counts[check.Severity.DAMAGE]
    if not as_json:
        repaired = counts[check.Severity.REPAIRED]
        print(f"{damage} damaged, {repaired} repaired." if damage or repaired else "Clean.")
    return (_DAMAGED if damage else 0), made
