"""zstd as the store uses it. Two threads must not share a compressor: each has its own.

Documents are opened in threads while pages are opened by the event loop, and a command may read
beside a writer of its own process.
"""

from __future__ import annotations

import threading
from functools import lru_cache
from importlib import resources

import zstandard

LEVEL = 3


@lru_cache(maxsize=4)
def _dictionary(version: int) -> zstandard.ZstdCompressionDict | None:
    """A packaged dictionary, by its version; 0 is none. Raises ``FileNotFoundError``."""
    if not version:
        return None
    name = f"pages-{version}.zdict"
    data = resources.files("carnet.storage").joinpath("dictionaries", name).read_bytes()
    made = zstandard.ZstdCompressionDict(data)
    made.precompute_compress(level=LEVEL)
    return made


class _OfThread(threading.local):
    """The compressors and decompressors of one thread, by version of the dictionary."""

    def __init__(self) -> None:
        self.compressors: dict[int, zstandard.ZstdCompressor] = {}
        self.decompressors: dict[int, zstandard.ZstdDecompressor] = {}


_mine = _OfThread()


def compress(data: bytes, dictionary: int = 0) -> bytes:
    """One frame that tells its content's size."""
    found = _mine.compressors.get(dictionary)
    if found is None:
        found = zstandard.ZstdCompressor(level=LEVEL, dict_data=_dictionary(dictionary))
        _mine.compressors[dictionary] = found
    return found.compress(data)


def decompress(data: bytes, dictionary: int = 0) -> bytes:
    """The content of a frame. Raises ``zstandard.ZstdError``, ``FileNotFoundError``."""
    found = _mine.decompressors.get(dictionary)
    if found is None:
        found = zstandard.ZstdDecompressor(dict_data=_dictionary(dictionary))
        _mine.decompressors[dictionary] = found
    return found.decompress(data)
