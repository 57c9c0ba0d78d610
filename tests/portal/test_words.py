"""Two languages, complete; numbers with all the digits that they were given."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest

from carnet.portal.words import catalogue_file, gettext, ngettext, number, speaking, typeset
from tools.write_messages import english, lacking, updated

_NAMED = re.compile(r"%\(\w+\)s|\{\w+\}|%%")


def strings(said: Any) -> list[str]:
    """The forms of a sentence: one, or one a number."""
    return [said] if isinstance(said, str) else [str(one or "") for one in said or ("",)]


def test_the_catalogue_is_what_the_code_says() -> None:
    assert catalogue_file("en").read_bytes() == updated(), "run `make messages`"


def test_every_sentence_has_its_english() -> None:
    messages = [message for message in english() if message.id]
    assert [message.id for message in messages if lacking(message)] == []
    assert [message.id for message in messages if message.fuzzy] == []
    assert not english().obsolete


def test_english_says_the_same_values() -> None:
    for message in english():
        if not message.id:
            continue
        wanted = {name for one in strings(message.id) for name in _NAMED.findall(one)}
        given = {name for one in strings(message.string) for name in _NAMED.findall(one)}
        assert given == wanted, message.id


def test_a_sentence_is_said_in_the_language_of_the_page() -> None:
    assert gettext("Accueil") == "Accueil"
    with speaking("en"):
        assert gettext("Accueil") == "Home"
    assert gettext("Accueil") == "Accueil"


@pytest.mark.parametrize(
    ("french", "set_"),
    [
        ("Qui voit quoi ?", "Qui voit quoi\u202f?"),
        ("Rien n'est perdu : tout y est.", "Rien n’est perdu\xa0: tout y est."),
        ("« bisoprolol 2,5 mg »", "«\xa0bisoprolol 2,5 mg\xa0»"),
        ("HbA1c 7,1 % ; %(name)s", "HbA1c 7,1\xa0%\u202f; %(name)s"),
        ("l'an 'dernier'", "l’an 'dernier'"),
        ("https://carnet.example/?a", "https://carnet.example/?a"),
    ],
)
def test_french_is_set_so_that_no_line_begins_with_a_sign(french: str, set_: str) -> None:
    assert typeset(french) == set_


def test_french_counts_none_as_one() -> None:
    words = ("%(num)s document", "%(num)s documents")
    assert [ngettext(*words, count) for count in (0, 1, 2)] == [words[0], words[0], words[1]]


@pytest.mark.parametrize(
    ("value", "french", "english"),
    [
        ("7.1", "7,1", "7.1"),
        ("7.10", "7,10", "7.10"),
        (Decimal("0.70"), "0,70", "0.70"),
        (1234567, "1 234 567", "1,234,567"),
        ("1E+3", "1 000", "1,000"),
        ("-0.5", "-0,5", "-0.5"),
        ("< 5", "< 5", "< 5"),
        ("", "", ""),
        ("NaN", "NaN", "NaN"),
    ],
)
def test_a_number_keeps_its_digits(value: Decimal | int | str, french: str, english: str) -> None:
    assert number(value).replace("\u202f", " ").replace("\xa0", " ") == french
    with speaking("en"):
        assert number(value) == english
