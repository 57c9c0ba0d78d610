"""styleCode, align and listType of the narrative, as elements and classes of the allow-list.

HL7 CDA R2 §4.3.5.11 (styleCode); codes are compared without regard to case, and the pair that
French software writes as one word is read as the two.
"""

from __future__ import annotations

_BOTH = ("bold", "italics")
_STYLES: dict[str, tuple[str, ...]] = {
    "bold": ("bold",),
    "italics": ("italics",),
    "italic": ("italics",),
    "underline": ("underline",),
    "emphasis": ("emphasis",),
    "bolditalics": _BOTH,
    "bolditalic": _BOTH,
    "boldunderline": ("bold", "underline"),
    "lrule": ("left-rule",),
    "rrule": ("right-rule",),
    "toprule": ("top-rule",),
    "botrule": ("bottom-rule",),
}
_ALIGNED = frozenset({"left", "center", "right"})
_ELEMENTS = {"bold": "strong", "italics": "em", "emphasis": "em", "underline": "u"}
_NUMBERS = {
    "littleroman": "i",
    "bigroman": "I",
    "littlealpha": "a",
    "bigalpha": "A",
    "arabic": "1",
}


def styles_of(attributes: dict[str, str]) -> tuple[str, ...]:
    """The styles that an element asks for and Carnet knows, once each."""
    codes = attributes.get("styleCode")
    if not codes:
        return ()
    found = (style for code in codes.lower().split()[:16] for style in _STYLES.get(code, ()))
    return tuple(dict.fromkeys(found))


def class_of(attributes: dict[str, str], *more: str) -> str:
    """The ``class`` attribute of a block or cell: its styles and its alignment; may be empty."""
    names = [*more, *styles_of(attributes)]
    align = attributes.get("align", "").strip().lower()
    if align in _ALIGNED:
        names.append(align)
    return f' class="{" ".join(f"cda-{name}" for name in names)}"' if names else ""


def elements_of(attributes: dict[str, str]) -> tuple[str, ...]:
    """The HTML elements that words in such a style stand in, outermost first."""
    found = (_ELEMENTS.get(style) for style in styles_of(attributes))
    return tuple(dict.fromkeys(name for name in found if name is not None))


def list_tags(attributes: dict[str, str]) -> tuple[str, str]:
    """The opening tag (without its end) and the closing tag of a list."""
    if attributes.get("listType") != "ordered":
        return "<ul", "</ul>"
    codes = attributes.get("styleCode", "").lower().split()
    number = next((_NUMBERS[code] for code in codes if code in _NUMBERS), None)
    return (f'<ol type="{number}"' if number else "<ol"), "</ol>"
