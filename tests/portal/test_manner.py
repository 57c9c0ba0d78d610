"""How a person wants pages, as their browser and their choices say."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from carnet.portal.manner import Manner, manner_of


def request(accepts: str = "", cookies: str = "", **query: str) -> Request:
    headers = [(b"accept-language", accepts.encode()), (b"cookie", cookies.encode())]
    scope = {"type": "http", "headers": headers, "query_string": urlencode(query).encode()}
    return Request(scope)


@pytest.mark.parametrize(
    ("accepts", "language"),
    [
        ("", "fr"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-US,en;q=0.9,fr;q=0.8", "en"),
        ("fr;q=0.1, en;q=0.9", "en"),
        ("de-DE,de;q=0.9", "fr"),
        ("de,en;q=0.5,fr;q=0.4", "en"),
        ("*", "fr"),
        ("en;q=beaucoup, ,;;", "fr"),
        ("é" * 3, "fr"),
        (",".join(["de"] * 5000), "fr"),
    ],
)
def test_the_language_is_the_first_that_the_browser_wants_and_carnet_speaks(
    accepts: str, language: str
) -> None:
    assert manner_of(request(accepts)).language == language


def test_a_choice_wins_over_the_browser_and_the_address_over_the_choice() -> None:
    assert manner_of(request("fr", "lang=en")).language == "en"
    assert manner_of(request("fr", "lang=en", lang="fr")).language == "fr"


def test_what_is_no_choice_counts_as_not_said() -> None:
    told = request("fr", "theme=mauve; lang=xx; shortcuts=maybe", density="loose")
    assert manner_of(told) == Manner()


def test_the_door_says_how_dense_unless_the_address_does() -> None:
    assert manner_of(request(), "dense").density == "dense"
    assert manner_of(request(density="calm"), "dense").density == "calm"


def test_shortcuts_are_there_until_they_are_switched_off() -> None:
    assert manner_of(request()).shortcuts
    assert not manner_of(request(cookies="shortcuts=off; theme=dark")).shortcuts
