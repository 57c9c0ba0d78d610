"""``docs/access.md`` says what the code does: the same rules in the same order, every reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carnet.record.access.model import AccessSettings, Reason
from carnet.record.access.refusals import CODES
from carnet.record.access.rules import DEFAULT, RULES
from carnet.record.catalogue import CATALOGUE
from carnet.record.errors import ErrorKind

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
RULE_ROW = re.compile(r"^\| `([^`]+)` \| [^|]+ \| [^|]+ \| (yes|no) `([^`]+)` \|$", re.MULTILINE)
STATUS = {ErrorKind.FORBIDDEN: "403", ErrorKind.ABSENT: "404"}


def test_the_table_of_the_documentation_is_the_table_of_the_code() -> None:
    coded = [
        (rule.key, "yes" if rule.permits else "no", rule.reason.value) for rule in (*RULES, DEFAULT)
    ]
    assert RULE_ROW.findall(TEXT) == coded


@pytest.mark.parametrize("reason", sorted(Reason))
def test_every_reason_is_documented(reason: Reason) -> None:
    reasons = TEXT.partition("## Reasons")[2].partition("## Choices")[0]
    assert f"`{reason.value}`" in reasons


@pytest.mark.parametrize("reason", sorted(CODES))
def test_every_refusal_is_documented_with_its_error(reason: Reason) -> None:
    code = CODES[reason]
    assert f"| `{reason.value}` | `{code}`, {STATUS[CATALOGUE[code].kind]} |" in TEXT


@pytest.mark.parametrize("setting", AccessSettings.__struct_fields__)
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in TEXT


def test_every_rule_says_its_paragraph() -> None:
    paragraphs = {rule.paragraph for rule in RULES}
    rules = {f"§5 rule {number}" for number in (1, 2, 3, 4, 5, 6, 7, 9, 10)}
    assert paragraphs == {"§1", "§2", "§3", "§6", "§7"} | rules


def test_no_two_rules_have_the_same_key() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)
