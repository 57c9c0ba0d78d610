"""The words of documents that are printed pages: derived by the server's worker, whatever comes."""

from __future__ import annotations

import pytest
import zstandard

from carnet.storage import entries, reads, records
from carnet.storage.codes import DerivedKind
from carnet.storage.store import Store
from carnet.usecases.deriving import READERS
from tests.reading import samples
from tests.system.documents import letter
from tests.system.people import GENERALIST, Citizen, citizen
from tests.system.server import Node

TEXT = DerivedKind.TEXT


def derived(node: Node, who: Citizen, entry_no: int) -> tuple[int, str]:
    """Which reader read the text of a document, and the text, unsealed."""

    async def read(store: Store) -> tuple[int, str]:
        record_id = await records.record_of_ins(store, who.ins.matricule)
        assert record_id is not None
        ((reader, sealed),) = await store.main.fetch(reads.DERIVED, record_id, entry_no, int(TEXT))
        row = await entries.entry(store, record_id, entry_no)
        assert row is not None
        sealer = await store.keys.sealer(record_id)
        packed = sealer.unseal(b"text", row.logical_id, sealed)
        return reader, zstandard.ZstdDecompressor().decompress(packed).decode()

    return node.with_store(read)


def codes(node: Node) -> list[object]:
    return [line.get("code") for line in node.server.logged("deriving-failed")]


def test_the_words_of_a_letter_of_level_1_are_derived(node: Node) -> None:
    who = citizen()
    node.open_for(who)
    node.feed(letter(who, GENERALIST, body=samples.pdf("Lithiase", "Pas de fièvre")))
    node.settled()
    assert derived(node, who, 1) == (READERS[TEXT], "Lithiase\fPas de fièvre")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"%PDF-1.4 broken", "reading-pdf-broken"),
        (samples.pdf("Lithiase", encrypt="secret"), "reading-pdf-encrypted"),
        (samples.pdf_without_text_map(), None),
    ],
    ids=["broken", "encrypted", "scan"],
)
def test_pages_that_cannot_be_read_stop_nothing(node: Node, body: bytes, code: str | None) -> None:
    who = citizen()
    node.open_for(who)
    before = len(codes(node))
    node.feed(letter(who, GENERALIST, body=body))
    node.feed(letter(who, GENERALIST, body=samples.pdf("Bonjour")))
    node.settled()
    assert derived(node, who, 1) == (READERS[TEXT], "")
    assert derived(node, who, 2) == (READERS[TEXT], "Bonjour")
    assert codes(node)[before:] == ([] if code is None else [code])
    assert node.server.logged("outbox-failed") == []
