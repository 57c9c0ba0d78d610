"""Trains the shared zstd dictionary of rendered pages, on invented documents only.

    python bench/train_dictionary.py VERSION [--compare]

Samples are pages of entries of the scripted lives, each document rendered under
several ids, days and citizens so that the dictionary learns what all have in common and not whose
they are. The made documents of ``carnet bench`` are not among them: its figures would flatter the
dictionary. Writes ``src/carnet/storage/dictionaries/pages-VERSION.zdict``, which is then named by
``CURRENT_DICTIONARY`` of ``carnet.storage.pages``. A dictionary that stores use is never changed:
pages name the one that they need, and old ones stay in the package.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import msgspec
import zstandard

from carnet.bench import people
from carnet.bench.templates import kind_of
from carnet.formats.cda import read_cda
from carnet.formats.cda.metadata import entry_of
from carnet.population.making import all_scripted
from carnet.record.document import DocumentEntry, EntryState, Flags, Status
from carnet.storage.pages import SLOTS, Slot
from carnet.usecases.clock import instant
from carnet.usecases.rendering import slot_of_state

SIZE = 32_768  # bytes: more gains little on a page of one entry and costs memory in every process
LEVEL = 3
DAYS = 4  # demos of so many days are rendered, some 600 documents each
FIRST_DAY = date(2026, 11, 25)
FOLDER = Path(__file__).parents[1] / "src/carnet/storage/dictionaries"
_encode = msgspec.msgpack.Encoder().encode


def entries(as_of: date) -> list[DocumentEntry]:
    """The metadata of the demo's documents, each for an invented citizen of its own."""
    found = []
    written = (one for made in all_scripted(as_of) for one in made.written)
    for number, one in enumerate(written):
        sha1, sha256 = hashlib.sha1(one.xml, usedforsecurity=False), hashlib.sha256(one.xml)
        document = read_cda(one.xml)
        entry, _ = entry_of(document, sha1.hexdigest(), sha256.hexdigest(), len(one.xml))
        citizen = random.randrange(10**6) * 100 + number
        found.append(
            msgspec.structs.replace(
                entry,
                patient=people.citizen_ins(citizen % 70_000_000),
                source_patient=people.citizen_traits(citizen % 70_000_000),
            )
        )
    return found


def slot(entry: DocumentEntry, entry_no: int, record_id: bytes, at: int) -> Slot:
    """An entry as rendered under fresh ids."""
    logical = str(uuid.UUID(int=random.getrandbits(128), version=4))
    state = EntryState(
        entry_no=entry_no,
        entry_uuid=str(uuid.UUID(int=random.getrandbits(128), version=4)),
        logical_id=logical,
        binary_id=logical,
        version=1,
        change=1,
        status=Status.APPROVED,
        flags=Flags(),
        last_updated=instant(at),
    )
    return slot_of_state(record_id, entry, state, None, at)


def samples() -> Sequence[bytes]:
    """Pages as they are before compression."""
    found: list[bytes] = []
    for day in range(DAYS):
        as_of = FIRST_DAY + timedelta(days=day * 37)
        for entry in entries(as_of):
            record_id = random.randbytes(16)
            at = random.randrange(1_600_000_000, 1_900_000_000) * 1_000_000
            found.append(_encode([slot(entry, random.randrange(1, 40), record_id, at)]))
    return found


def compare(dictionary: zstandard.ZstdCompressionDict) -> None:
    """What the dictionary gains on pages that it was not trained on: those of ``carnet bench``."""
    with_it = zstandard.ZstdCompressor(level=LEVEL, dict_data=dictionary)
    without = zstandard.ZstdCompressor(level=LEVEL)
    opens_with = zstandard.ZstdDecompressor(dict_data=dictionary)
    opens = zstandard.ZstdDecompressor()
    for count in (1, 4, 20, SLOTS):
        slots = []
        for place in range(count):
            number = 4711
            kind = kind_of(number + place, number, large=False)
            ids = (random.randbytes(16), random.randbytes(16))
            made = kind.document(
                f"2.25.{random.getrandbits(120)}",
                f"2.25.{random.getrandbits(120)}",
                people.citizen_ins(number),
                people.citizen_traits(number),
                1_700_000_000 + place * 86_400,
            )
            slots.append(kind.slot(made, random.randbytes(16), place + 1, ids, 1_750_000_000))
        page = _encode(slots)
        _tell(f"{count:3} entries without", page, without, opens)
        _tell(f"{count:3} entries with   ", page, with_it, opens_with)


def _tell(
    name: str,
    page: bytes,
    packing: zstandard.ZstdCompressor,
    opening: zstandard.ZstdDecompressor,
) -> None:
    packed = packing.compress(page)
    pack = _microseconds(lambda: packing.compress(page))
    unpack = _microseconds(lambda: opening.decompress(packed))
    print(f"{name} {len(page):7} -> {len(packed):6} bytes, {pack:5.1f} us to pack, {unpack:5.1f}")


def _microseconds(work: Callable[[], bytes]) -> float:
    """The best of twenty rounds."""
    best = 1.0
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(20):
            work()
        best = min(best, (time.perf_counter() - start) / 20)
    return best * 1e6


def main() -> None:
    """Train, write, tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("version", type=int)
    parser.add_argument("--compare", action="store_true", help="write nothing, compare")
    given = parser.parse_args()
    path = FOLDER / f"pages-{given.version}.zdict"
    if given.compare:
        dictionary = zstandard.ZstdCompressionDict(path.read_bytes())
    else:
        random.seed(given.version)
        pages = samples()
        dictionary = zstandard.train_dictionary(SIZE, list(pages), level=LEVEL)
        path.write_bytes(dictionary.as_bytes())
        print(f"{len(pages)} pages, {sum(map(len, pages))} bytes -> {path.name}")
    dictionary.precompute_compress(level=LEVEL)
    compare(dictionary)


if __name__ == "__main__":
    main()
