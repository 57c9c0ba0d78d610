from __future__ import annotations

import msgspec
import pytest

from carnet.record.errors import CarnetError
from carnet.storage.verify import anchor_text, read_anchor
from tests.storage.verify.builder import ADA, Site, damages, flipped


def journal(site: Site) -> list[tuple[int, bytes, bytes]]:
    return site.sql("traces", "SELECT seq, body, mac FROM journal ORDER BY seq")


def test_a_row_of_the_journal_that_was_changed_is_found(site: Site) -> None:
    seq, body, _ = journal(site)[4]
    site.sql("traces", "UPDATE journal SET body = ? WHERE seq = ?", flipped(body), seq)
    found = damages(site.check())
    assert ("verify-journal-mac", None, f"stream ledger seq {seq}") in found


def test_a_changed_mac_is_found_at_its_row_alone(site: Site) -> None:
    seq, _, mac = journal(site)[4]
    site.sql("traces", "UPDATE journal SET mac = ? WHERE seq = ?", flipped(mac), seq)
    assert damages(site.check()) == {("verify-journal-mac", None, f"stream ledger seq {seq}")}


def test_a_changed_time_is_found(site: Site) -> None:
    seq = journal(site)[4][0]
    site.sql("traces", "UPDATE journal SET at = -1 WHERE seq = ?", seq)
    assert damages(site.check()) == {("verify-journal-mac", None, f"stream ledger seq {seq}")}


def test_a_row_of_the_journal_that_was_deleted_is_found(site: Site) -> None:
    site.sql("traces", "DELETE FROM journal WHERE seq = 5")
    assert ("verify-journal-gap", None, "stream ledger seq 5") in damages(site.check())


def test_a_journal_cut_short_leaves_chains_longer_than_it_knows(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("traces", "DELETE FROM journal WHERE seq > 40")
    found = damages(site.check())
    assert "verify-chain-unjournaled" in {code for code, record, _ in found if record == ada.hex()}


def test_a_journal_deleted_whole_is_found(site: Site) -> None:
    site.sql("traces", "DELETE FROM journal")
    codes = {code for code, _, _ in damages(site.check())}
    assert codes == {"verify-chain-unjournaled"}


def test_only_the_records_put_back_is_found_by_the_traces(site: Site, pattern: Site) -> None:
    site.act()
    ada = site.record_of(ADA)
    site.put_back(pattern, "carnet")
    found = damages(site.check())
    assert {record for _, record, _ in found} == {ada.hex()}
    assert "verify-trace-beyond" in {code for code, _, _ in found}


def test_only_the_traces_put_back_is_found_by_the_entries(site: Site, pattern: Site) -> None:
    site.act()
    ada = site.record_of(ADA)
    site.sql("carnet", "DELETE FROM outbox")  # the event was worked off since
    site.put_back(pattern, "traces")
    found = damages(site.check())
    assert ("verify-evidence-absent", ada.hex(), "entry 7") in found


def test_both_databases_put_back_are_found_with_an_anchor_alone(site: Site, pattern: Site) -> None:
    site.act()
    anchor = site.anchor()
    assert damages(site.check(anchor=anchor)) == set()
    site.put_back(pattern, "carnet", "traces")
    assert damages(site.check()) == set()  # a store put back whole agrees with itself
    found = site.check(anchor=anchor)
    seq = anchor.streams[0].seq
    assert damages(found) == {("verify-put-back", None, f"stream ledger seq {seq}")}
    last = journal(site)[-1][0]
    assert str(last) in found[0].english
    assert " UTC" in found[0].french


def test_a_store_put_back_that_went_on_is_found_with_an_anchor(site: Site, pattern: Site) -> None:
    site.act()
    anchor = site.anchor()
    site.put_back(pattern, "carnet", "traces")
    site.act("32")
    site.act("33")
    seq = anchor.streams[0].seq
    assert ("verify-put-back-since", None, f"stream ledger seq {seq}") in damages(
        site.check(anchor=anchor)
    )


def test_an_anchor_holds_while_the_store_goes_on(site: Site) -> None:
    anchor = site.anchor()
    site.act()
    assert damages(site.check(anchor=read_anchor(anchor_text(anchor), "anchor.json"))) == set()


def test_an_anchor_that_was_changed_is_refused(site: Site) -> None:
    anchor = site.anchor()
    stream = msgspec.structs.replace(anchor.streams[0], seq=1)
    changed = msgspec.structs.replace(anchor, streams=(stream,))
    with pytest.raises(CarnetError) as caught:
        site.check(anchor=changed)
    assert caught.value.code == "anchor-altered"


def test_an_anchor_of_another_store_is_refused(site: Site) -> None:
    with pytest.raises(CarnetError) as caught:
        site.check(anchor=msgspec.structs.replace(site.anchor(), store="another"))
    assert caught.value.code == "anchor-altered"


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"[1", b'{"store":"a","at":1,"streams":[{"stream":"x","seq":1,"mac":"00"}]}'],
)
def test_a_file_that_is_no_anchor_is_refused(data: bytes) -> None:
    with pytest.raises(CarnetError) as caught:
        read_anchor(data, "anchor.json")
    assert caught.value.code == "anchor-unreadable"
