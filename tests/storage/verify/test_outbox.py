from __future__ import annotations

from carnet.storage.batch import ENCODER, SealedTrace
from carnet.storage.verify import Severity, verify
from tests.storage.verify.builder import ADA, NOW, Site, damages, run

DAY = 86_400


def test_an_event_that_waits_for_days_is_told_of(site: Site) -> None:
    site.act()
    ada = site.record_of(ADA).hex()
    assert site.check(now=NOW + DAY // 2) == []
    found = site.check(now=NOW + 3 * DAY)
    assert {(f.code, f.severity, f.record) for f in found} == {
        ("verify-event-late", Severity.INFO, ada)
    }
    assert "3 d" in found[0].english


def test_an_event_that_is_due_later_is_not_late(site: Site) -> None:
    ada = site.record_of(ADA)
    due = NOW + 30 * DAY
    site.sql("carnet", "UPDATE record SET event_count = 99 WHERE record_id = ?", ada)
    site.sql("carnet", "INSERT INTO outbox VALUES (?, 99, 5, 4, ?, 0, ?)", ada, due, b"")
    assert site.check(now=NOW + 3 * DAY) == []


def test_an_event_whose_trace_is_in_no_chain_is_damage(site: Site) -> None:
    """Carnet completes such traces when it opens a store; this event comes in behind its back."""
    ada = site.record_of(ADA)
    packed = ENCODER.encode((SealedTrace(ada, 0, b"t" * 16, b"sealed"),))

    async def checked() -> set[tuple[str, str | None, str]]:
        async with site.open() as store:
            site.sql("carnet", "UPDATE record SET event_count = 99 WHERE record_id = ?", ada)
            site.sql("carnet", "INSERT INTO outbox VALUES (?, 99, 1, 4, 0, 0, ?)", ada, packed)
            return damages([found async for found in verify(store, now=NOW)])

    assert run(checked()) == {("verify-event-traceless", ada.hex(), "event 99")}


def test_an_event_that_cannot_be_read_is_damage_and_does_not_stop_the_store(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "UPDATE record SET event_count = 99 WHERE record_id = ?", ada)
    site.sql("carnet", "INSERT INTO outbox VALUES (?, 99, 1, 4, 0, 0, ?)", ada, b"\xc1")
    assert damages(site.check()) == {("verify-event-broken", ada.hex(), "event 99")}


def test_an_event_beyond_the_count_of_the_record_is_damage(site: Site) -> None:
    ada = site.record_of(ADA)
    site.sql("carnet", "INSERT INTO outbox VALUES (?, 99, 2, 4, 0, 0, ?)", ada, b"")
    assert damages(site.check()) == {("verify-event-broken", ada.hex(), "event 99")}
