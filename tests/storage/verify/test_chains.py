from __future__ import annotations

import pytest

from carnet.record.trace import GENESIS, link
from carnet.storage.verify import Severity
from tests.storage.verify.builder import ADA, BASILE, CELESTE, LATER, Site, damages, flipped

OPEN, WITHHELD = 0, 1


def chain(site: Site, record_id: bytes, number: int) -> list[tuple[int, bytes, bytes, bytes]]:
    return site.sql(
        "traces",
        "SELECT seq, trace_id, sealed, head FROM trace WHERE record_id = ? AND chain = ?"
        " ORDER BY seq",
        record_id,
        number,
    )


def recompute(site: Site, record_id: bytes, number: int, kept: list[tuple[bytes, bytes]]) -> None:
    """What somebody can do who has the database and not the keys: another chain, well linked."""
    site.sql("traces", "DELETE FROM trace WHERE record_id = ? AND chain = ?", record_id, number)
    head = GENESIS
    for seq, (trace_id, sealed) in enumerate(kept, 1):
        head = link(head, record_id, number, seq, sealed)
        site.sql(
            "traces",
            "INSERT INTO trace VALUES (?, ?, ?, ?, ?, ?)",
            record_id,
            number,
            seq,
            trace_id,
            sealed,
            head,
        )


def test_a_flipped_byte_of_a_trace_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    seq, _, sealed, _ = chain(site, ada, OPEN)[2]
    site.sql(
        "traces",
        "UPDATE trace SET sealed = ? WHERE record_id = ? AND chain = 0 AND seq = ?",
        flipped(sealed),
        ada,
        seq,
    )
    found = damages(site.check())
    assert ("verify-trace-broken", ada.hex(), f"chain 0 seq {seq}") in found
    assert ("verify-chain-link", ada.hex(), f"chain 0 seq {seq}") in found
    assert {record for _, record, _ in found} == {ada.hex()}


def test_a_flipped_byte_of_a_head_is_found(site: Site) -> None:
    basile = site.record_of(BASILE)
    seq, _, _, head = chain(site, basile, OPEN)[1]
    site.sql(
        "traces",
        "UPDATE trace SET head = ? WHERE record_id = ? AND chain = 0 AND seq = ?",
        flipped(head),
        basile,
        seq,
    )
    assert ("verify-chain-link", basile.hex(), f"chain 0 seq {seq}") in damages(site.check())


@pytest.mark.parametrize("number", [OPEN, WITHHELD])
def test_the_last_trace_deleted_is_found(site: Site, number: int) -> None:
    ada = site.record_of(ADA)
    last = chain(site, ada, number)[-1][0]
    site.sql(
        "traces",
        "DELETE FROM trace WHERE record_id = ? AND chain = ? AND seq = ?",
        ada,
        number,
        last,
    )
    found = damages(site.check())
    assert ("verify-chain-cut", ada.hex(), f"chain {number} seq {last}") in found


def test_the_last_trace_deleted_is_found_after_the_chain_went_on(site: Site) -> None:
    ada = site.record_of(ADA)
    last = chain(site, ada, OPEN)[-1][0]
    site.sql("traces", "DELETE FROM trace WHERE record_id = ? AND chain = 0 AND seq = ?", ada, last)
    site.act()
    found = damages(site.check())
    assert ("verify-chain-rewritten", ada.hex(), f"chain 0 seq {last}") in found


@pytest.mark.parametrize("number", [OPEN, WITHHELD])
def test_a_whole_chain_deleted_is_found(site: Site, number: int) -> None:
    ada = site.record_of(ADA)
    site.sql("traces", "DELETE FROM trace WHERE record_id = ? AND chain = ?", ada, number)
    found = damages(site.check())
    assert ("verify-chain-cut", ada.hex(), f"chain {number} seq 1") in found
    assert {record for _, record, _ in found} == {ada.hex()}


def test_all_traces_of_a_record_without_documents_deleted_are_found(site: Site) -> None:
    celeste = site.record_of(CELESTE)
    site.sql("traces", "DELETE FROM trace WHERE record_id = ?", celeste)
    assert damages(site.check()) == {("verify-chain-cut", celeste.hex(), "chain 0 seq 1")}


def test_a_trace_deleted_in_the_middle_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("traces", "DELETE FROM trace WHERE record_id = ? AND chain = 0 AND seq = 3", ada)
    assert ("verify-chain-gap", ada.hex(), "chain 0 seq 3") in damages(site.check())


def test_a_chain_recomputed_without_the_keys_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    rows = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, ada, OPEN)]
    recompute(site, ada, OPEN, rows[:-2] + rows[-1:])
    found = damages(site.check())
    assert ("verify-chain-rewritten", ada.hex(), f"chain 0 seq {len(rows) - 1}") in found
    assert ("verify-chain-cut", ada.hex(), f"chain 0 seq {len(rows)}") in found


def test_traces_put_in_another_order_are_found(site: Site) -> None:
    ada = site.record_of(ADA)
    rows = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, ada, OPEN)]
    recompute(site, ada, OPEN, [*rows[:1], rows[2], rows[1], *rows[3:]])
    assert ("verify-chain-rewritten", ada.hex(), "chain 0 seq 2") in damages(site.check())


def test_a_trace_repeated_at_the_end_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    rows = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, ada, OPEN)]
    recompute(site, ada, OPEN, [*rows, rows[0]])
    where = f"chain 0 seq {len(rows) + 1}"
    assert damages(site.check()) == {("verify-chain-unjournaled", ada.hex(), where)}


def test_a_trace_of_another_record_is_found(site: Site) -> None:
    ada, basile = site.record_of(ADA), site.record_of(BASILE)
    rows = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, basile, OPEN)]
    foreign = chain(site, ada, OPEN)[1]
    recompute(site, basile, OPEN, [rows[0], (foreign[1], foreign[2]), *rows[2:]])
    found = damages(site.check())
    assert ("verify-trace-broken", basile.hex(), "chain 0 seq 2") in found
    assert {record for _, record, _ in found} == {basile.hex()}


def test_a_trace_moved_from_the_withheld_chain_to_the_open_one_is_found(site: Site) -> None:
    ada = site.record_of(ADA)
    rows = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, ada, OPEN)]
    moved = chain(site, ada, WITHHELD)[0]
    recompute(site, ada, OPEN, [*rows, (moved[1], moved[2])])
    found = damages(site.check())
    where = f"chain 0 seq {len(rows) + 1}"
    assert ("verify-trace-broken", ada.hex(), where) in found
    assert ("verify-chain-unjournaled", ada.hex(), where) in found


def test_a_trace_whose_twin_is_gone_is_found(site: Site) -> None:
    """A find that returned both kinds of entry wrote two linked traces."""
    ada = site.record_of(ADA)
    found = chain(site, ada, WITHHELD)[-2][0]  # the last one tells of what was derived
    site.sql(
        "traces", "DELETE FROM trace WHERE record_id = ? AND chain = 1 AND seq >= ?", ada, found
    )
    codes = {code for code, _, where in damages(site.check()) if where.startswith("chain 0")}
    assert codes == {"verify-trace-unlinked"}


def test_a_crash_between_the_two_databases_is_completed(site: Site, pattern: Site) -> None:
    """The entry and its event are written, the trace is not: the state after a kill -9."""
    site.act()
    site.put_back(pattern, "traces")
    ada = site.record_of(ADA)
    site.sql("traces", "SELECT 1")
    found = site.check()
    assert found == []  # record_of opened the store: the ledger completed the trace at once
    site.put_back(pattern, "traces")
    found = site.check()
    assert [(f.code, f.severity, f.record) for f in found] == [
        ("verify-trace-completed", Severity.REPAIRED, ada.hex())
    ]
    assert site.check() == []


def test_a_withheld_chain_that_was_recomputed_contradicts_the_open_one(site: Site) -> None:
    """When INVISIBLE_PATIENT ends, the open chain notes the head of the withheld one."""
    site.make_leaves()
    ada = site.record_of(ADA)
    rows = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, ada, WITHHELD)]
    site.end_hiding("1.2.3.4")
    assert site.check(now=LATER) == []
    grown = [(trace_id, sealed) for _, trace_id, sealed, _ in chain(site, ada, WITHHELD)]
    assert len(grown) > len(rows)
    recompute(site, ada, WITHHELD, grown[1:])
    noted = chain(site, ada, OPEN)[-1][0]
    found = damages(site.check(now=LATER))
    assert ("verify-commitment-broken", ada.hex(), f"chain 0 seq {noted}") in found
