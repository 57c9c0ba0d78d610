"""One reader under atheris: libFuzzer follows the branches that inputs take through Carnet's code.

``python -m tests.fuzz.guided READER INPUTS RESULT`` runs that many inputs from the reader's samples
and writes what it counted to the file RESULT. A fault, an input that takes longer than ten seconds
and more than a gigabyte end it with a status other than 0 and leave the input beside RESULT.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import atheris
import msgspec

with atheris.instrument_imports(include=["carnet"]):
    from tests.fuzz.mutation import mutated_bytes
    from tests.fuzz.readers import READERS, Reader, dictionary

_SECONDS = 10
_MEGABYTES = 1024


class Counted(msgspec.Struct):
    """What a run saw: inputs, the slowest of them (ms), the largest memory (MB)."""

    reader: str
    inputs: int = 0
    slowest_ms: float = 0.0
    memory_mb: int = 0


class Target:
    """Gives inputs to a reader and counts them."""

    def __init__(self, reader: Reader, inputs: int, result: Path) -> None:
        self._reader = reader
        self._inputs = inputs
        self._result = result
        self._counted = Counted(reader.name)
        self._words = reader.words()

    def read(self, data: bytes) -> None:
        """One input."""
        begin = time.perf_counter()
        self._reader.read(data)
        counted = self._counted
        counted.inputs += 1
        counted.slowest_ms = max(counted.slowest_ms, (time.perf_counter() - begin) * 1000)
        if counted.inputs % 1000 == 0 or counted.inputs >= self._inputs:
            counted.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            self._result.write_bytes(msgspec.json.encode(counted))

    def mutate(self, data: bytes, longest: int, seed: int) -> bytes:
        """The next input from an earlier one: by libFuzzer, or by the words of the format."""
        if seed % 2:
            return bytes(atheris.Mutate(data, longest))
        return mutated_bytes(random.Random(seed), data, self._words)[:longest]


def main() -> None:
    """Run one reader; libFuzzer ends the process."""
    name, inputs, result = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]).absolute()
    reader = READERS[name]
    target = Target(reader, inputs, result)
    folder = Path(tempfile.mkdtemp(prefix=f"carnet-fuzz-{name}-"))
    corpus = folder / "corpus"
    corpus.mkdir()
    for number, sample in enumerate(reader.samples()):
        (corpus / str(number)).write_bytes(sample)
    dictionary(reader, folder / "words")
    options = [
        f"-runs={inputs}",
        f"-max_len={reader.longest}",
        f"-timeout={_SECONDS}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-dict={folder / 'words'}",
        f"-artifact_prefix={result}.",
        "-print_final_stats=1",
        "-verbosity=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], target.read, custom_mutator=target.mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
