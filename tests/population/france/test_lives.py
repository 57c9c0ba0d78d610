"""Generated lives hold together, and show what a real record would."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from carnet.population.codes import Drug, entry
from carnet.population.france import France
from carnet.population.france.composing import voice_of
from carnet.population.france.territories import role_of
from carnet.population.model import (
    Discharge,
    Dispensation,
    Does,
    Imaging,
    Laboratory,
    Letter,
    Photo,
    Prescription,
    Reimbursements,
    Synthesis,
    Vaccination,
    VaccinationHistory,
)
from carnet.population.rules import contradictions
from carnet.population.scripts.moments import months_after
from tests.population.invented import TODAY

FRANCE = France(seed=1, people=420, documents=None, years=8, today=TODAY)
LIVES = list(FRANCE.lives())
DOCUMENTS = [(life, one) for life in LIVES for one in life.documents]


def test_every_life_keeps_the_rules() -> None:
    found = [str(one) for life in LIVES for one in contradictions(life, FRANCE.directory, TODAY)]
    assert found == []


@pytest.mark.parametrize(
    ("seed", "people", "documents", "years", "today"),
    [
        (2, 60, None, 2, date(2028, 2, 29)),
        (3, 4, 900, 8, date(2026, 12, 31)),
        (4, 50, 400, 1, date(2026, 1, 1)),
        (5, 1, 300, 15, date(2027, 7, 14)),
    ],
)
def test_so_does_any_other_france(
    seed: int, people: int, documents: int | None, years: int, today: date
) -> None:
    france = France(seed=seed, people=people, documents=documents, years=years, today=today)
    lives = list(france.lives())
    assert len(lives) == people
    assert sum(len(life.documents) for life in lives) == france.expected_documents()
    found = [str(one) for life in lives for one in contradictions(life, france.directory, today)]
    assert found == []


def test_there_are_as_many_documents_as_were_announced() -> None:
    assert len(DOCUMENTS) == FRANCE.expected_documents()


def test_keys_are_used_once() -> None:
    for life in LIVES:
        for things in (life.documents, life.problems, life.treatments, life.episodes):
            keys = [one.key for one in things]
            assert len(set(keys)) == len(keys)


def test_every_content_is_written() -> None:
    kinds = Counter(type(one.content) for _, one in DOCUMENTS)
    for kind in (
        Letter,
        Photo,
        Laboratory,
        Prescription,
        Dispensation,
        Vaccination,
        VaccinationHistory,
        Synthesis,
        Discharge,
        Imaging,
        Reimbursements,
    ):
        assert kinds[kind] > 0, kind
    lists = [one.content for _, one in DOCUMENTS if isinstance(one.content, Reimbursements)]
    assert all(content.lines for content in lists)


def test_every_letter_says_something() -> None:
    for _, one in DOCUMENTS:
        if isinstance(one.content, Letter):
            assert one.content.text, one.key


def test_letters_come_in_eight_voices_at_least() -> None:
    voices = {
        (voice_of(one.author).layout, voice_of(one.author).order, voice_of(one.author).short)
        for _, one in DOCUMENTS
        if isinstance(one.content, Letter)
    }
    assert len(voices) >= 8


def test_papers_are_scanned_printed_sent_twice_replaced() -> None:
    assert any(isinstance(one.content, Letter) and one.content.scan for _, one in DOCUMENTS)
    assert any(one.as_pdf for _, one in DOCUMENTS)
    copies = [(life, one) for life, one in DOCUMENTS if one.copy_of]
    versions = [(life, one) for life, one in DOCUMENTS if one.replaces]
    assert copies
    assert versions
    for life, one in copies:
        original = life.document(one.copy_of or "")
        assert original is not None
        assert one.content == original.content
        assert one.sender not in (None, original.author)
    for life, one in versions:
        original = life.document(one.replaces or "")
        assert original is not None
        assert one.content != original.content


def test_some_documents_are_not_for_everybody() -> None:
    flags = Counter(flag for _, one in DOCUMENTS for flag in one.visibility)
    assert flags["INVISIBLE_PATIENT"] > 0
    assert any(one.hidden is not None for _, one in DOCUMENTS)
    for life, one in DOCUMENTS:
        if "INVISIBLE_PATIENT" in one.visibility:
            assert one.announced is not None
        if "INVISIBLE_REPRESENTANTS_LEGAUX" in one.visibility:
            assert (one.at.date() - life.person.born).days < 18 * 366
        if one.hidden is not None:
            assert one.hidden > one.at


def test_minors_keep_secrets_from_their_parents() -> None:
    secret = [
        one
        for seed in range(6)
        for life in France(seed=seed, people=250, documents=None, years=8, today=TODAY).lives()
        for one in life.documents
        if "INVISIBLE_REPRESENTANTS_LEGAUX" in one.visibility
    ]
    assert secret


def test_what_prose_says_stands_in_it() -> None:
    for life, one in DOCUMENTS:
        if not isinstance(one.content, Letter) or one.copy_of is not None:
            continue
        for key in one.states.treatments:
            treatment = life.treatment(key)
            assert treatment is not None
            assert treatment.is_taken(one.at.date())
        known = {problem.key: problem for problem in life.problems}
        assert all(known[key].onset <= one.at.date() for key in one.states.problems)


def test_mothers_have_the_papers_of_the_birth_of_their_children() -> None:
    births = 0
    for life in LIVES:
        for one in life.documents:
            if one.kind == "birth" and one.copy_of is None:
                births += 1
                pregnancy = [p for p in life.problems if p.key.startswith("pregnancy")]
                assert any(p.end == one.at.date() for p in pregnancy)
    assert births


def test_drugs_that_a_disease_forbids_are_not_taken_with_it() -> None:
    for life in LIVES:
        names = {problem.key for problem in life.problems}
        classes = {entry(Drug, one.drug).class_ for one in life.treatments}
        if "asthma" in names:
            assert "beta-blocker" not in classes


def test_some_records_are_empty_and_some_are_never_read() -> None:
    assert any(not life.documents for life in LIVES)
    fed = [life for life in LIVES if life.documents]
    assert any(not life.acts for life in fed)
    assert any(act.who == life.person.key for life in fed for act in life.acts)
    assert any(act.who == life.person.doctor for life in fed for act in life.acts)
    assert any(act.refused for life in fed for act in life.acts)


def test_nobody_opens_what_is_not_there_for_them() -> None:
    for life in LIVES:
        replaced = {one.replaces for one in life.documents}
        for act in life.acts:
            document = None if act.document is None else life.document(act.document)
            if act.does is Does.READ and not act.refused:
                assert document is not None
                assert document.key not in replaced
                assert document.hidden is None
                assert not document.visibility


def test_authors_are_people_of_the_directory() -> None:
    for life, one in DOCUMENTS:
        if one.author not in ("insurance", life.person.key):
            assert FRANCE.directory.professional(one.author) is not None, one.author


def test_many_professions_write() -> None:
    authors = {role_of(one.author) for _, one in DOCUMENTS if one.author.startswith("t")}
    assert len(authors) > 35


def test_a_small_record_holds_the_most_telling_documents() -> None:
    few = France(seed=1, people=30, documents=90, years=8, today=TODAY)
    many = France(seed=1, people=30, documents=900, years=8, today=TODAY)

    def share(france: France) -> float:
        kinds = [one.kind for life in france.lives() for one in life.documents]
        return sum(kind in ("dispensation", "prescription") for kind in kinds) / len(kinds)

    assert share(few) < share(many)


def test_what_is_done_to_keep_a_child_well_is_one_episode_and_of_children_alone() -> None:
    kept = [
        (life, one)
        for life, one in DOCUMENTS
        if one.kind in ("child-examination", "newborn", "vaccination", "vaccination-history")
    ]
    young = [
        one.episode
        for life, one in kept
        if one.at.date() < months_after(life.person.born, 16 * 12) and one.copy_of is None
    ]
    assert set(young) == {"enfance"}
    assert len(young) < len(kept)
    assert {one.episode for _, one in DOCUMENTS if one.title == "Note de vaccination"} == {
        None,
        "enfance",
    }
