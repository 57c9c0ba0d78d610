"""The samples against the truth that was written down by hand, and what is known of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.facts_truth import HELD_OUT, TRUTH, score, scores, total, truths
from bench.write_facts import BLOCKS, PAGE, block
from carnet.formats.cda.facts import read_facts
from carnet.record.facts import Fact, Kind, Stage
from tests.corpus import corpus_files, corpus_folder, corpus_index

LEAST = 0.98
"""Recall and precision over the documents whose truth was there first."""
LEAST_LATER = 0.95
"""Over the four that were written down later: more than the reader had before it saw them."""


def facts_of(name: str) -> tuple[Fact, ...]:
    return read_facts((corpus_folder() / name).read_bytes()).facts


@pytest.mark.parametrize(
    ("folder", "facts", "least"), [(TRUTH, 295, LEAST), (HELD_OUT, 135, LEAST_LATER)]
)
def test_coded_facts_are_read_and_nothing_else_is(folder: Path, facts: int, least: float) -> None:
    found, missed, extra = total(scores(folder))
    assert found + missed >= facts
    assert found / (found + missed) >= least
    assert found / (found + extra) >= least


def test_leaving_the_kind_aside_only_adds_what_has_another_kind() -> None:
    (name, true), *_ = truths(HELD_OUT)
    other = [{**fact, "kind": "device"} for fact in true]
    facts = facts_of(name)
    assert score(name, facts, other).found < len(true)
    assert score(name, facts, other, kinds=False).found == score(name, facts, true).found


def test_the_truth_covers_documents_of_every_kind_of_fact() -> None:
    kinds = {fact["kind"] for _, facts in truths() for fact in facts}
    assert kinds == {str(kind) for kind in Kind}


@pytest.mark.parametrize("path", corpus_files(), ids=lambda path: path.stem)
def test_every_sample_is_read_and_level_1_gives_nothing(path: Path) -> None:
    read = read_facts(path.read_bytes())
    level = corpus_index()[path.name]["level"]
    assert not read.cut
    assert (level == "N1") == (not read.facts and not read.unread)


def test_facts_of_a_fetus_are_marked() -> None:
    told = [fact for fact in facts_of("OBP-SAP_2024.01.xml") if fact.subject is not None]
    codes = {code.code for fact in told for code in fact.what.codes}
    assert {"P05.0", "Q39.0", "Q42.3", "63564053"} <= codes


def test_contradictions_that_the_truth_tells_of_are_found() -> None:
    """Other dates in the narrative than in the entry, each noted by whoever wrote the truth."""
    found = {
        name: {fact.what.codes[0].code for fact in facts_of(name) if fact.contradicts}
        for name in ("OBP-SAP_2024.01.xml", "IPS-FR_2024.01.xml", "LDL-SES_2022.01.xml")
    }
    assert found == {
        "OBP-SAP_2024.01.xml": {"N10", "SURG"},
        "IPS-FR_2024.01.xml": {"G45.9", "62080626", "GEN-092.02.02"},
        "LDL-SES_2022.01.xml": {"MED-309", "ORG-064", "J010104"},
    }


def test_a_treatment_that_was_stopped_is_told_so() -> None:
    facts = facts_of("LDL-SES_2022.01.xml")
    stages = [fact.stage for fact in facts if fact.kind is Kind.MEDICATION]
    assert stages == [Stage.STOPPED, Stage.DISCHARGE]


@pytest.mark.parametrize("name", ["templates", "truth", "held-out", "samples"])
def test_the_page_tells_what_is_read(name: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert block(page, name) == BLOCKS[name](), "run `python -m bench.write_facts`"
