"""The life line: each step leads nearer, nothing is lost on the way, nothing touches."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carnet.portal import charts
from carnet.portal.charts import Document, Episode, LifeLine, Zoom, zoom_from
from carnet.portal.charts.lanes import GAP, LETTER, MOST_LANES, NARROW, Band, shortened
from tests.portal.charts.samples import TODAY, documents, episodes, life, link

days = st.dates().map(str) | st.sampled_from(["", "2026", "2026-11", "2026-02-30"])
some_documents = st.lists(
    st.builds(Document, day=days, title=st.text(max_size=60), href=st.just("/d")), max_size=30
)
some_episodes = st.lists(
    st.builds(Episode, title=st.text(max_size=60), start=days, end=days), max_size=20
)
zooms = st.none() | st.builds(
    lambda years, month: Zoom(years[0], years[-1] if not month else years[0], month),
    st.lists(st.integers(1, 9999), min_size=1, max_size=2).map(sorted),
    st.integers(0, 12),
)


def shown(picture: LifeLine) -> int:
    """How many documents the columns count."""
    return sum(int(column.count or 0) for column in picture.columns)


@pytest.mark.parametrize("text", ["2026", "2010..2019", "2026-11", "0001"])
def test_a_step_is_named_in_its_address(text: str) -> None:
    zoom = zoom_from(text)
    assert zoom
    assert str(zoom) == text


@pytest.mark.parametrize("text", ["", "2026-13", "2019..2010", "0000", "26", "2026-11-18", "٢٠٢٦"])
def test_an_address_that_names_no_step_is_none(text: str) -> None:
    assert zoom_from(text) is None


@given(zooms)
def test_parts_cover_their_whole_without_gaps(zoom: Zoom | None) -> None:
    if zoom is None or zoom.month:
        return
    parts = zoom.parts()
    assert 1 < len(parts) <= 12
    assert (parts[0].begin, parts[-1].end) == (zoom.begin, zoom.end)
    assert all(one.end == other.begin for one, other in pairwise(parts))


def test_the_widest_step_holds_every_dated_document() -> None:
    picture = life("")
    assert shown(picture) == len(documents())
    assert picture.level == "years"
    assert len(picture.path) == 1


def test_each_column_leads_to_as_many_documents_as_it_counts() -> None:
    for step in ("", "2010..2019", "2026"):
        for column in life(step).columns:
            if column.href:
                zoom = column.href.removeprefix("/ligne?zoom=")
                nearer = life(zoom)
                counted = shown(nearer) or len(nearer.rows)
                assert counted == int(column.count)


def test_a_month_shows_its_documents_on_their_days() -> None:
    picture = life("2026-11")
    assert picture.level == "documents"
    assert [row.href for row in picture.rows] == [f"/documents/{i}" for i in range(53, 59)]
    places = [row.x for row in picture.rows]
    assert places == sorted(places)
    assert all(one.y + 24 <= other.y for one, other in pairwise(picture.rows)), "24 px to hit"


def test_the_path_leads_back_outwards() -> None:
    path = life("2026-11").path
    assert [step.href for step in path] == [
        "/ligne",
        "/ligne?zoom=2020..2026",
        "/ligne?zoom=2026",
        "",
    ]
    assert path[-1].text == "novembre 2026"


def test_a_stretch_that_no_column_has_can_be_shown() -> None:
    path = life("2013..2015").path
    assert path[-1].text == "de 2013 à 2015"
    assert path[0].href == "/ligne"


def test_an_empty_record_has_a_line_all_the_same() -> None:
    picture = charts.life_line([], [], None, TODAY, link)
    assert picture.described == "Aucun document."
    assert picture.level == "months"
    assert not any(column.href for column in picture.columns)


def test_documents_that_cannot_be_placed_are_told() -> None:
    vague = [Document("", "Sans date", "/a"), Document("2026", "Carnet de santé", "/b")]
    picture = charts.life_line([*documents(), *vague], [], zoom_from("2026"), TODAY, link)
    assert picture.notes == ("1 document sans date n’est pas sur la ligne.",)
    assert shown(picture) == 6
    assert any(cell.href == "/b" for table in picture.tables for row in table.rows for cell in row)


def test_too_many_documents_of_a_month_are_told() -> None:
    many = [Document("2026-11-18", f"Prise de sang {i}", f"/{i}") for i in range(60)]
    picture = charts.life_line(many, [], zoom_from("2026-11"), TODAY, link)
    assert len(picture.rows) == 40
    assert picture.notes == ("20 autres documents sont dans le tableau.",)
    assert len(picture.tables[0].rows) == 60


def test_an_episode_that_goes_on_reaches_today() -> None:
    (band,) = (band for band in life("2026").bands if band.whole == "Suivi du diabète")
    assert (band.before, band.after) == (True, True)
    assert 89 < band.end < 91, "25 November"
    assert "en cours" in band.name


def test_an_episode_outside_the_step_is_not_shown() -> None:
    assert {band.whole for band in life("2026").bands} == {"Suivi du diabète", "Opération du genou"}
    assert {band.whole for band in life("1984").bands} == {"Grossesse"}


def test_an_episode_with_an_impossible_date_is_not_drawn() -> None:
    wrong = [Episode("x", "2026-02-30", "2026-03-01")]
    assert charts.life_line([], wrong, zoom_from("2026"), TODAY, link).bands == ()


def extent(band: Band) -> tuple[float, float]:
    """What a band and its title take on the narrowest picture, in per cent."""
    needed = len(band.title) * LETTER / NARROW * 100
    if band.leftwards:
        return min(band.x, band.end - needed), band.end
    return band.x, max(band.end, band.x + needed)


@given(some_episodes, zooms)
def test_bands_and_their_titles_do_not_touch(values: list[Episode], zoom: Zoom | None) -> None:
    bands = charts.life_line([], values, zoom, TODAY, link).bands
    for lane in range(MOST_LANES):
        row = [extent(band) for band in bands if band.lane == lane]
        assert all(one[1] + GAP / 2 <= other[0] for one, other in pairwise(row))
    assert all(band.lane < MOST_LANES for band in bands)


@given(some_documents, some_episodes, zooms)
def test_no_record_stops_the_drawing(
    values: list[Document], stays: list[Episode], zoom: Zoom | None
) -> None:
    picture = charts.life_line(values, stays, zoom, TODAY, link)
    assert all(0 <= column.x <= 100 for column in picture.columns)
    assert all(0 <= row.x <= 100 for row in picture.rows)
    assert all(0 <= band.x <= band.end <= 100.1 for band in picture.bands)
    assert picture.path[-1].href == ""


@given(some_documents)
def test_no_document_is_counted_twice(values: list[Document]) -> None:
    picture = charts.life_line(values, [], None, TODAY, link)
    undated = sum(value.day in ("", "2026-02-30") for value in values)
    if picture.level == "years":
        assert shown(picture) == len(values) - undated


@pytest.mark.parametrize(
    ("text", "most", "begin"),
    [
        ("Ordonnance", 20, "Ordonnance"),
        ("Lettre du cardiologue", 20, "Lettre du"),
        ("Électroencéphalogramme", 20, "Électroencéphalogram"),
        ("Compte rendu, suite", 13, "Compte rendu"),
    ],
)
def test_a_title_is_cut_between_words(text: str, most: int, begin: str) -> None:
    assert shortened(text, most) == begin


def test_the_sample_spans_a_life() -> None:
    assert date.fromisoformat(documents()[0].day).year == 1961
    assert len(episodes()) == 4
