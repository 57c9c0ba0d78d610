"""The one design: its inks can be read on its grounds, and its rules hold in every file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from carnet import portal

STYLES = Path(portal.__file__).parent / "static" / "css"
TOKENS = (STYLES / "tokens.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "surface", "sunken")
STATES = ("new", "hidden", "alert", "care", "fine")
READABLE = 4.5  # WCAG 2.2, 1.4.3
SEEN = 3.0  # WCAG 2.2, 1.4.11


def colours(theme: int) -> dict[str, str]:
    """The tokens that are a pair of colours: the light one (0) or the dark one (1)."""
    pairs = re.findall(r"--([\w-]+):\s*light-dark\((#\w{6}), (#\w{6})\)", TOKENS)
    return {name: (light, dark)[theme] for name, light, dark in pairs}


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_every_ink_can_be_read_where_it_stands(theme: int) -> None:
    token = colours(theme)
    pairs = [
        *((ink, ground) for ink in ("ink", "ink-2", "ink-3", "brand") for ground in GROUNDS),
        *((ink, f"{state}-tint") for state in (*STATES, "brand") for ink in ("ink", "ink-2")),
        *((state, f"{state}-tint") for state in STATES),
        *((state, ground) for state in STATES for ground in ("paper", "surface")),
        *((ink, "brand-tint") for ink in ("ink-3", "brand", "brand-strong")),
        *(("ink", "mark"), ("on-brand", "brand"), ("on-brand", "brand-strong"), ("on-new", "new")),
    ]
    weak = {
        pair: round(ratio, 2)
        for pair in pairs
        if (ratio := contrast(token[pair[0]], token[pair[1]])) < READABLE
    }
    assert not weak


@pytest.mark.parametrize("theme", [0, 1])
def test_the_edge_of_what_can_be_acted_on_can_be_seen(theme: int) -> None:
    token = colours(theme)
    for edge in ("line-strong", "brand"):
        for ground in GROUNDS:
            assert contrast(token[edge], token[ground]) >= SEEN, (edge, ground)


@pytest.mark.parametrize("file", sorted(STYLES.glob("*.css")), ids=lambda file: file.name)
def test_a_style_sheet_keeps_the_rules(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert "@layer" in text
    assert "@import" not in text
    assert not re.findall(r"url\(\"?(?:https?:|//|data:)", text)
    assert not re.findall(r"(?:margin|padding|border)-(?:left|right|top|bottom)", text)
    assert not re.findall(r"(?<![-\w])(?:left|right|float):", text)
    assert not re.findall(r"text-align:\s*(?:left|right)\b", text)
    if file.name != "base.css":  # where motion is taken away, over everything
        assert "!important" not in text


def test_densities_and_themes_change_tokens_and_nothing_else() -> None:
    dense = TOKENS[TOKENS.index('[data-density="dense"]') :]
    block = dense[dense.index("{") + 1 : dense.index("}")]
    assert all(line.strip().startswith("--") for line in block.strip().splitlines())
    assert "--target: 2.75rem" in TOKENS  # 44 px
    assert "--target: 2.125rem" in block  # 34 px
    assert "--step-0: 1.0625rem" in TOKENS  # 17 px
    assert "--step-0: .9375rem" in block  # 15 px
