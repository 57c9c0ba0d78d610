"""The index of a life answers as a search through its documents would."""

from __future__ import annotations

import msgspec

from carnet.population.model import Document, Laboratory
from carnet.population.writing.records import Records
from tests.population.invented import at
from tests.population.writing.samples import document, of_key, values, with_documents


def report(key: str, when: str, **said: str) -> Document:
    return document(key, "laboratory", when, Laboratory(values=values(**said)), "dr-perrin")


def test_earlier_results_come_latest_first_whatever_the_order_of_the_life() -> None:
    last = report("c", "2025-01-03", crp="3")
    records = Records(
        with_documents(last, report("b", "2025-01-02", crp="2"), report("a", "2025-01-01", crp="1"))
    )
    assert [one.value for one in records.earlier(last, "crp")] == ["2", "1"]
    assert list(records.earlier(last, "hba1c")) == []


def test_results_of_the_same_minute_are_not_earlier() -> None:
    twins = [report(key, "2025-01-03", crp="3") for key in ("a", "b")]
    records = Records(with_documents(*twins))
    assert list(records.earlier(twins[1], "crp")) == []


def test_versions_are_followed_back() -> None:
    first = report("a", "2025-01-01", crp="1")
    second = msgspec.structs.replace(report("b", "2025-01-02", crp="2"), replaces="a")
    third = msgspec.structs.replace(report("c", "2025-01-03", crp="3"), replaces="b")
    records = Records(with_documents(first, second, third))
    assert list(records.versions_of(third)) == ["c", "b", "a"]
    assert records.is_current("a", at("2025-01-01", 12))
    assert not records.is_current("a", at("2025-01-03"))


def test_who_wrote_last() -> None:
    records = Records(with_documents(of_key("ordonnance"), of_key("courrier")))
    assert records.last_by("dr-garrigue", at("2025-03-01")) == at("2025-01-20")
    assert records.last_by("dr-garrigue", at("2025-01-20")) is None
    assert records.last_by("dr-perrin", at("2025-03-01")) is None


def test_what_came_just_before_a_stay() -> None:
    seen = of_key("urgences")
    records = Records(with_documents(seen, of_key("sortie"), of_key("courrier")))
    assert [one.key for one in records.before_stay(at("2025-03-04", 20))] == ["urgences"]
    assert list(records.before_stay(at("2025-03-06"))) == []
