"""What must hold after each round, and at the end of all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from carnet.app import policy_of
from carnet.cli.stores import opened
from carnet.logs import Log
from carnet.storage import reads
from carnet.storage.store import BLOBS
from carnet.usecases.clock import system_clock
from carnet.usecases.gate import Gate
from carnet.worker import Worker
from tests.system.durability.server import CARNET, Server
from tests.torture.load import Load, Person

_VERIFY_SECONDS = 600.0
_AGED = 3600  # seconds: older than verify's grace for bytes that may be under way
_LEASED = 10 * 86_400  # seconds: more than any lease that a clock that jumped has taken


def verify(server: Server, *words: str) -> list[dict[str, str]]:
    """``carnet verify``; its findings, none of them damage."""
    environment = {
        name: value
        for name, value in server.environment.items()
        if name not in ("LD_PRELOAD", "CLOCK_OFFSET", "FIU_CTRL_FIFO")
    }
    done = subprocess.run(
        [str(CARNET), "verify", "--data", str(server.directory), "--json", *words],
        capture_output=True,
        check=False,
        env=environment,
        timeout=_VERIFY_SECONDS,
    )
    findings: list[dict[str, str]] = [json.loads(line) for line in done.stdout.splitlines()]
    damage = [one for one in findings if one.get("severity") not in ("info", "repaired")]
    assert (done.returncode, damage) == (0, []), (damage, done.stderr.decode())
    return findings


def verify_since(server: Server, anchor: Path) -> None:
    """Check what changed since the anchor, or all without one; the anchor is renewed."""
    since = ["--since", str(anchor)] if anchor.exists() else []
    verify(server, *since, "--export-anchor", str(anchor))


async def lost_documents(load: Load, people: list[Person]) -> list[str]:
    """The uniqueIds of acknowledged documents that do not come back byte for byte."""
    return [
        kept.unique_id
        for person in people
        for kept in person.documents
        if await load.read(person, kept) != kept.data
    ]


async def finish_events(server: Server) -> int:
    """Do what is left to do, leases of other times run out; how many events are left then."""
    settings = server.settings
    async with opened(settings) as store:
        gate = Gate(
            store,
            policy_of(settings, store.kind),
            clock=lambda: system_clock() + _LEASED * 1_000_000,
        )
        worker = Worker(gate, Log(sys.stderr))
        while await worker.turn():
            pass
        return int((await store.main.fetch(reads.PENDING_EVENTS))[0][0])


def orphans(server: Server) -> int:
    """Collect bytes without an entry, as if an hour had passed; how many were found."""
    blobs = server.directory / BLOBS
    for path in blobs.glob("*/*"):
        found = path.stat()
        os.utime(path, (found.st_atime, found.st_mtime - _AGED))
    found_codes = [one["code"] for one in verify(server)]
    left = [one["code"] for one in verify(server)]
    of_bytes = ("verify-object-orphan", "verify-file-leftover", "verify-object-unused")
    assert not any(code in of_bytes for code in left), left
    assert not list(blobs.glob("*/*.new"))
    return sum(code in of_bytes for code in found_codes)
