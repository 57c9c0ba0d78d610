"""Every key, span and fragment of the data names something that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carnet.population import codes
from carnet.population.codes import Act, Analysis, Drug, entry, table
from carnet.population.france import words as filling
from carnet.population.france.reading import (
    childhood,
    courses,
    days_of,
    frequencies,
    roles,
    voices,
)
from carnet.population.france.tables import course_titles, frequency_table, share_table
from carnet.population.scripts.reading import kinds

PAGE = Path(__file__).resolve().parents[3] / "docs" / "population.md"
SIGNS = {"systolic", "pulse", "weight", "spo2", "temperature"}
WORD = re.compile(r"\{(\w+)(?: ([^{}]+))?\}")
NEEDS_ANALYSIS = {"value", "previous"}


def fragments() -> list[tuple[str, str]]:
    tables = {f"course {name}": form.prose for name, form in courses().items()}
    tables["childhood"] = childhood()
    tables["common"] = voices().common
    return [
        (f"{name} {topic} {section}", text)
        for name, prose in tables.items()
        for topic, sections in prose.items()
        for section, texts in sections.items()
        for text in texts
    ]


@pytest.mark.parametrize("name", list(courses()))
def test_a_course_names_what_there_is(name: str) -> None:
    form = courses()[name]
    for problem in form.problem:
        entry(codes.Problem, problem.is_)
        days_of(problem.at)
    for treat in form.treat:
        assert set(treat.any_) <= set(table(Drug))
        assert treat.by in roles().role
        assert treat.instead_of is None or any(o.key == treat.instead_of for o in form.treat)
    for effect in form.effect:
        assert effect.of in SIGNS or effect.of in table(Analysis)
        if effect.say is not None:
            assert set(effect.say.split("|")) <= set(entry(Analysis, effect.of).answers)
    for analysis in form.monitor:
        entry(Analysis, analysis)
    assert name in frequencies().course
    assert len({one.key for one in form.step}) == len(form.step)


@pytest.mark.parametrize("name", list(courses()))
def test_a_step_has_its_kind_its_author_and_its_words(name: str) -> None:
    form = courses()[name]
    for step in form.step:
        content = kinds()[step.kind].content
        assert step.by in roles().role or step.by == "self"
        assert step.ordered_by is None or step.ordered_by in roles().role
        days_of(step.at)
        if content in ("letter", "imaging", "discharge"):
            assert form.prose[step.topic]
        if content == "imaging":
            entry(Act, step.exam)
            assert {"indication", "findings", "conclusion"} <= set(form.prose[step.topic])
        if content == "discharge":
            assert step.stay > 0
            assert {"reason", "course", "after"} <= set(form.prose[step.topic])
        if content == "laboratory":
            assert step.panel
            assert set(step.panel) <= set(table(Analysis))


def test_every_frequency_is_that_of_a_course_with_a_value_for_each_band() -> None:
    found = frequencies()
    assert set(found.course) == set(courses())
    for form in found.course.values():
        assert form.men or form.women
        for line in (form.men, form.women):
            assert len(line) in (0, len(found.ages))
            assert all(0 <= value <= 1000 for value in line)
    for key in found.allergy:
        entry(codes.Allergy, key)


def test_every_fragment_can_be_filled() -> None:
    wrong = []
    for where, text in fragments():
        for word, said in WORD.findall(text):
            known = word in filling._WORDS
            if word in NEEDS_ANALYSIS:
                entry(Analysis, said)
            if not known or (word == "n" and not re.fullmatch(r"\d+ \d+", said)):
                wrong.append(f"{where}: {{{word} {said}}}")
        plain = WORD.sub("", re.sub(r"\[[^\[\]]*\|[^\[\]]*\]", "", text))
        if re.search(r"[\[\]{}|]", plain):
            wrong.append(f"{where}: {text}")
    assert wrong == []


def test_every_fragment_is_a_sentence_of_its_own() -> None:
    ends = (".", "!", "?")
    sections = {"reason"}  # of a stay: a title
    wrong = [
        f"{where}: {text}"
        for where, text in fragments()
        if not text.endswith(ends) and where.rpartition(" ")[2] not in sections
    ]
    assert wrong == []


def test_there_are_many_voices_for_everybody_who_writes() -> None:
    assert len(voices().voice) >= 8
    for role in roles().role.values():
        assert any(role.speaks in one.speaks for one in voices().voice.values())
        assert role.house in roles().house


def test_the_page_states_the_frequencies() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for shown in (
        frequency_table(yearly=False),
        frequency_table(yearly=True),
        share_table(),
        course_titles(),
    ):
        assert shown in page


@pytest.mark.parametrize("span", ["", "3", "m", "3q", "3m 2d", "--3d"])
def test_other_words_are_no_span(span: str) -> None:
    with pytest.raises(ValueError):
        days_of(span)


def test_a_span_counts_days() -> None:
    assert days_of("10d") == 10
    assert days_of("-2w") == -14
    assert days_of("1y+10d") == 375
