from __future__ import annotations

import re
from pathlib import Path

from carnet.record.catalogue import verify as words
from carnet.storage import verify as package
from carnet.storage.verify import Severity
from tests.storage.verify.builder import ADA, Site

SOURCES = Path(package.__file__).parent


def test_every_code_that_can_be_found_has_words_and_all_words_are_used() -> None:
    text = "".join(path.read_text() for path in SOURCES.glob("*.py"))
    assert set(re.findall(r'"((?:verify|anchor)-[a-z-]+)"', text)) == set(words.ENTRIES)


def test_a_finding_speaks_both_languages_and_says_where(site: Site) -> None:
    site.sql("carnet", "UPDATE entry SET status = 2 WHERE unique_id = '1.2.3.4'")
    (found,) = site.check()
    assert found.line() == {
        "code": "verify-column-differs",
        "severity": "damage",
        "record": site.record_of(ADA).hex(),
        "where": "entry 4 column status",
        "french": "La colonne status d'un document n'est pas ce que sa page scellée dit.",
        "english": "The column status of a document is not what its sealed page says.",
        "remedy_french": found.remedy_french,
        "remedy_english": found.remedy_english,
    }
    assert found.severity is Severity.DAMAGE
    assert found.remedy_french
    assert found.remedy_english


def test_no_sentence_is_left_with_a_blank(site: Site) -> None:
    """Some of many kinds of damage at once: each sentence is filled in."""
    for statement in (
        "UPDATE record SET state = 3, settings = 1, updated_day = 1",
        "UPDATE relation SET starts = 1",
        "DELETE FROM directory_uuid",
        "UPDATE entry SET size = 1, author = x'00'",
    ):
        site.sql("carnet", statement)
    site.sql("traces", "DELETE FROM trace WHERE chain = 1")
    site.sql("traces", "DELETE FROM trace WHERE seq = 2")
    site.sql("traces", "DELETE FROM journal WHERE seq IN (3, 90)")
    found = site.check(repair=False)
    assert len({f.code for f in found}) > 8
    for one in found:
        assert not re.search(r"\{\w+\}|\?", one.french + one.english)


def test_progress_is_told(site: Site) -> None:
    from carnet.storage.verify import verify
    from tests.storage.verify.builder import NOW, run

    told: list[tuple[str, int]] = []

    async def checked() -> None:
        async with site.open() as store:
            async for _ in verify(
                store, now=NOW, progress=lambda stage, done: told.append((stage, done))
            ):
                pass

    run(checked())
    assert {stage for stage, _ in told} >= {"journal", "objects"}
