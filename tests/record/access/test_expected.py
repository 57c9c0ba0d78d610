"""Every decision that the domain's facts expect, and every rule of the table needed for it."""

from __future__ import annotations

from collections import defaultdict

import pytest

from carnet.record.access import RULES, Rule, decide, load_matrix, sees
from carnet.record.access.case import case_of
from carnet.record.access.model import AccessSettings, Action, Decision
from tests.record.access.expected import ROWS, Row
from tests.record.access.situations import NOW, situation

PARAGRAPHS = {"1", "2", "3", "6", "7", *(f"5.{number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10))}


def _decided(row: Row) -> Decision:
    asked = situation(row)
    return decide(asked.caller, asked.record, asked.action, asked.entry, now=NOW)


def _words(decision: Decision) -> str:
    return f"{'yes' if decision.permitted else 'no'} {decision.reason.value}"


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " | ".join(row[:6]))
def test_decision_is_the_expected_one(row: Row) -> None:
    assert _words(_decided(row)) == row.expected


@pytest.mark.parametrize(
    "row", [row for row in ROWS if row.act in {"find", "read"} and row.entry != "-"], ids=str
)
def test_a_permitted_reading_sees_its_entry(row: Row) -> None:
    asked, decision = situation(row), _decided(row)
    assert asked.entry is not None
    assert not decision.permitted or sees(decision.sight, asked.entry, NOW)


def test_no_situation_is_listed_twice() -> None:
    assert len({row[1:6] for row in ROWS}) == len(ROWS)


def test_every_paragraph_is_listed_both_ways() -> None:
    answers = defaultdict(set)
    for row in ROWS:
        answers[row.rule].add(row.expected.split()[0])
    assert dict(answers) == {paragraph: {"yes", "no"} for paragraph in PARAGRAPHS}


def test_every_action_is_listed_both_ways() -> None:
    answers = defaultdict(set)
    for row in ROWS:
        answers[Action(row.act)].add(row.expected.split()[0])
    assert dict(answers) == {action: {"yes", "no"} for action in Action}


def test_every_rule_decides_some_row() -> None:
    assert {rule.key for rule in RULES} - {_decided(row).rule for row in ROWS} == set()


def _answer_without(left_out: Rule, row: Row) -> str:
    asked = situation(row)
    case = case_of(
        asked.caller,
        asked.record,
        asked.action,
        asked.entry,
        NOW,
        load_matrix(),
        AccessSettings(),
    )
    for rule in RULES:
        if rule is not left_out and asked.action in rule.actions and rule.when(case):
            return f"{'yes' if rule.permits else 'no'} {rule.reason.value}"
    return "no not-entitled"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_no_rule_can_be_left_out(rule: Rule) -> None:
    assert any(_answer_without(rule, row) != row.expected for row in ROWS)
