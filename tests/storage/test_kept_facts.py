from __future__ import annotations

import os

import pytest

from carnet.record.facts import Facts, Kind, Unread
from carnet.storage.kept_facts import FACTS, FactsBroken, open_facts, pack_facts
from carnet.storage.sealing import Sealer
from tests.clinical.samples import allergy, fact, place, problem

RECORD, DOCUMENT = b"r" * 16, b"d" * 16
SEALER = Sealer(os.urandom(32), RECORD)
ALL = Facts(
    (fact(0), problem(1), fact(2), allergy(3)),
    (Unread(place(4), "1.2.3", "template-unknown"),),
    cut=True,
)


def sealed(body: bytes) -> bytes:
    return SEALER.seal(FACTS, DOCUMENT, body)


def test_facts_come_back_in_the_documents_order() -> None:
    assert open_facts(SEALER, DOCUMENT, sealed(pack_facts(ALL))) == ALL
    assert open_facts(SEALER, DOCUMENT, sealed(pack_facts(Facts()))) == Facts()


def test_only_the_kinds_that_are_asked_for_are_decoded() -> None:
    found = open_facts(SEALER, DOCUMENT, sealed(pack_facts(ALL)), {Kind.ALLERGY, Kind.DEVICE})
    assert found == Facts((allergy(3),), (), cut=True)


OF_ANOTHER_KEY = Sealer(os.urandom(32), RECORD)
BROKEN = {
    "empty": b"",
    "short": b"short",
    "nothing inside": sealed(b""),
    "no frame": sealed(b"\x00nothing"),
    "a dictionary that there is not": sealed(b"\xff" + pack_facts(ALL)[1:]),
    "of another document": SEALER.seal(FACTS, b"other", pack_facts(ALL)),
    "of another key": OF_ANOTHER_KEY.seal(FACTS, DOCUMENT, pack_facts(ALL)),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_what_was_altered_or_moved_does_not_open(broken: bytes) -> None:
    with pytest.raises(FactsBroken):
        open_facts(SEALER, DOCUMENT, broken)
