"""The words that are explained: each has a meaning, short ones are marked as unsure."""

from __future__ import annotations

import re

from carnet.record.words import Word, words

BY_NAME = {word.written: word for word in words()}


def test_every_word_has_a_meaning() -> None:
    assert len(words()) > 500
    assert [word.written for word in words() if not (word.explanation or word.senses)] == []


def test_a_word_stands_once() -> None:
    assert len(BY_NAME) == len(words())


def test_several_senses_are_ambiguous() -> None:
    assert BY_NAME["ACR"].ambiguous
    assert len(BY_NAME["ACR"].senses) == 2
    assert all(word.ambiguous for word in words() if len(word.senses) > 1)


def test_one_or_two_letters_are_ambiguous() -> None:
    sure = [word.written for word in words() if len(word.written) < 3 and not word.ambiguous]
    assert [name for name in sure if name.isalpha() and name.isupper()] == []


def test_abbreviations_count_as_they_are_written_and_terms_do_not() -> None:
    assert BY_NAME["HTA"].as_written
    assert BY_NAME["HbA1c"].as_written
    assert not BY_NAME["diabète"].as_written
    assert not BY_NAME["nævus"].as_written


def test_an_abbreviation_has_the_explanation_of_what_it_stands_for() -> None:
    assert BY_NAME["HTA"].explanation == BY_NAME["hypertension artérielle"].explanation


def test_an_explanation_is_one_plain_sentence() -> None:
    def plain(word: Word) -> bool:
        return bool(re.fullmatch(r"[A-ZÀÉ].{10,160}\.", word.explanation))

    assert [word.written for word in words() if word.explanation and not plain(word)] == []
