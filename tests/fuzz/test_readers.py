"""What readers promise strangers' bytes: a value or a refusal of the catalogue, never a fault.

``CARNET_TEST_FUZZ`` says how many inputs each reader is given; `make fuzz` gives more.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutation import mutated_bytes, mutated_tree
from tests.fuzz.readers import READERS, Reader

INPUTS = int(os.environ.get("CARNET_TEST_FUZZ", "60"))
COUNTS = os.environ.get("CARNET_TEST_FUZZ_COUNTS")
TREES = ("json", "patch", "token")
_chances = st.integers(0, 2**64 - 1).map(random.Random)


_fed: Counter[str] = Counter()


@pytest.fixture(autouse=True, scope="module")
def counting() -> Iterator[None]:
    """What was fed to each reader, for `make fuzz` to add up."""
    yield
    for name, count in _fed.items():
        if COUNTS is not None:
            (Path(COUNTS) / f"{name}-{os.getpid()}").write_text(str(count))


def feed(reader: Reader, data: bytes) -> None:
    _fed[reader.name] += 1
    reader.read(data)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
def test_a_reader_takes_its_samples(reader: Reader) -> None:
    for sample in reader.samples():
        reader.read(sample)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@settings(max_examples=INPUTS // 4, suppress_health_check=list(HealthCheck))
@example(b"")
@given(data=st.binary(max_size=2000))
def test_a_reader_takes_any_bytes(reader: Reader, data: bytes) -> None:
    feed(reader, data)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@settings(max_examples=INPUTS, suppress_health_check=list(HealthCheck))
@given(chance=_chances)
def test_a_reader_takes_changed_samples(reader: Reader, chance: random.Random) -> None:
    sample = chance.choice(reader.samples())
    feed(reader, mutated_bytes(chance, sample, reader.words()))


@pytest.mark.parametrize("name", TREES)
@settings(max_examples=INPUTS, suppress_health_check=list(HealthCheck))
@given(chance=_chances)
def test_a_reader_takes_well_formed_json_of_any_shape(name: str, chance: random.Random) -> None:
    reader = READERS[name]
    samples = [sample for sample in reader.samples() if sample[:1] in b"[{"]
    tree = mutated_tree(chance, orjson.loads(chance.choice(samples)))
    try:
        data = orjson.dumps(tree)
    except (orjson.JSONEncodeError, TypeError):  # half a surrogate pair, a number too large
        return
    feed(reader, data)
