"""effectiveTime of entries: points, periods, ends, dosing, and what is no time."""

from __future__ import annotations

import pytest

from carnet.record.facts import When
from tests.formats.cda.facts.documents import observation, only, read, section


@pytest.mark.parametrize(
    ("written", "when"),
    [
        ('<effectiveTime value="20240112"/>', When("2024-01-12", point=True)),
        ('<effectiveTime value="1975"/>', When("1975", point=True)),
        ('<effectiveTime value="202401121530"/>', When("2024-01-12T15:30:00+01:00", point=True)),
        (
            '<effectiveTime><low value="200001"/><high value="20000911"/></effectiveTime>',
            When("2000-01", "2000-09-11"),
        ),
        (
            '<effectiveTime><low value="2020"/><high nullFlavor="UNK"/></effectiveTime>',
            When("2020"),
        ),
        ('<effectiveTime><high value="2020"/></effectiveTime>', When("", "2020")),
        ('<effectiveTime nullFlavor="NASK"/>', When()),
        ('<effectiveTime><low nullFlavor="UNK"/></effectiveTime>', When()),
        ("", When()),
    ],
)
def test_a_time_keeps_its_precision(written: str, when: When) -> None:
    assert only(section("30954-2", observation("48", "1-8", written))).when == when


@pytest.mark.parametrize(
    "raw", ["20092012081500+0100", "20230231", "hier", "2023-01-05", "99999999", "20231301"]
)
def test_a_time_that_is_none_gives_no_date_but_its_words(raw: str) -> None:
    time = f'<effectiveTime value="{raw}"/>'
    assert only(section("30954-2", observation("48", "1-8", time))).when == When(written=raw)


def test_a_period_with_one_impossible_end_keeps_the_other() -> None:
    time = '<effectiveTime><low value="20240112"/><high value="20243312"/></effectiveTime>'
    when = only(section("30954-2", observation("48", "1-8", time))).when
    assert when == When("2024-01-12", "", written="20243312")


def test_the_second_time_tells_where_the_first_one_does_not() -> None:
    times = (
        '<effectiveTime xsi:type="IVL_TS"><low nullFlavor="NA"/><high nullFlavor="NA"/>'
        '</effectiveTime><effectiveTime value="20210503"/>'
    )
    assert only(section("30954-2", observation("48", "1-8", times))).when.start == "2021-05-03"


def test_the_time_of_an_organizer_stands_beside_and_is_not_the_facts_own() -> None:
    member = observation("50", "29463-7", '<effectiveTime nullFlavor="NA"/>')
    dated = observation("50", "8302-2", '<effectiveTime value="2019"/>')
    organizer = (
        '<organizer classCode="CLUSTER" moodCode="EVN">'
        '<templateId root="1.2.250.1.213.1.1.3.49"/><effectiveTime value="20230322"/>'
        f"<component>{member}</component><component>{dated}</component></organizer>"
    )
    undated, own = read(section("8716-3", organizer)).facts
    assert (undated.when, undated.around) == (When(), When("2023-03-22", point=True))
    assert (own.when, own.around) == (When("2019", point=True), When())
