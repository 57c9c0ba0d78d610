"""What reading a document for a person costs: ``python -m bench.reading``.

The public samples as safe HTML, in this process and through ``Reader`` with a process of its own
for each, five times each: the median over the documents of the median of each, and the slowest.
Then the large and odd inputs that are bounded, once each. Milliseconds of wall clock.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable

import psutil

from carnet.formats.cda.html import read_html
from carnet.reading.model import Readable
from carnet.reading.reader import Reader
from tests.corpus import corpus_files
from tests.formats.cda.html.told import section
from tests.formats.cda.minimal import structured
from tests.reading import samples

_RUNS = 5
CDA = "text/xml"


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    begin = time.perf_counter()
    await work()
    return (time.perf_counter() - begin) * 1000


async def _over_samples(work: Callable[[bytes], Awaitable[object]]) -> str:
    """The median of the samples' medians, and the slowest of these."""
    medians = []
    for path in corpus_files():
        data = path.read_bytes()
        runs = [await _timed(lambda data=data: work(data)) for _ in range(_RUNS)]  # type: ignore[misc]  # bound at once
        medians.append(statistics.median(runs))
    return f"{statistics.median(medians):.1f} (slowest {max(medians):.1f})"


def _odd() -> dict[str, tuple[bytes, str]]:
    """The inputs that are bounded, by name."""
    row = "<tr><td>Analyse</td><td>5,1</td><td>mmol/L</td><td>1 à 9</td></tr>"
    head = "<thead><tr><th>A</th><th>B</th><th>C</th><th>D</th></tr></thead>"
    table = f"<table>{head}<tbody>{row * 5_000}</tbody></table>"
    long = f"<paragraph>{'mot ' * 500}</paragraph>" * 10_000
    return {
        "a table of 5,000 rows": (structured(section(table)), CDA),
        "a narrative of 20 MB": (structured(section(long)), CDA),
        "a PDF of 900 pages": (samples.pdf(*map(str, range(900))), "application/pdf"),
        "a JPEG of 30,000 by 30,000": (samples.jpeg_of(30_000, 30_000), "image/jpeg"),
        "a PNG of 10,000 by 10,000": (samples.picture("PNG", (10_000, 10_000)), "image/png"),
        "a PNG that says 30,000 by 30,000": (samples.png_bomb(30_000, 30_000), "image/png"),
    }


async def _main() -> None:
    async def here(data: bytes) -> object:
        return read_html(data, media="/files/")

    print(f"samples in this process: {await _over_samples(here)}")
    async with Reader() as reader:

        def read(data: bytes, media_type: str = CDA) -> Awaitable[Readable]:
            return reader.read_document(data, media_type, files="/files/")

        first = await _timed(lambda: read(b"x", "text/plain"))
        again = [await _timed(lambda: read(b"x", "text/plain")) for _ in range(30)]
        print(f"the first document: {first:.0f}")
        print(f"a word: {statistics.median(again):.1f}")
        print(f"samples, a process each: {await _over_samples(read)}")
        for name, (data, media_type) in _odd().items():
            spent = await _timed(lambda data=data, sort=media_type: read(data, sort))  # type: ignore[misc]  # bound at once
            print(f"{name}: {spent:.0f}")
        nursery = next(iter(psutil.Process().children()))
        print(f"resident memory of the nursery: {nursery.memory_info().rss >> 20} MB")


if __name__ == "__main__":
    asyncio.run(_main())
