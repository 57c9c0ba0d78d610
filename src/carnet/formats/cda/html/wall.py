"""The second wall: only what is listed here leaves as HTML, whatever the writer before it did.

ammonia (through nh3) parses the HTML as a browser does and writes it anew from this list. There is
no ``style``, no event, no form, no frame, no address but http, https and the portal's own.
"""

from __future__ import annotations

from functools import lru_cache

import nh3

CLASSES = frozenset(
    {
        "cda-address",
        "cda-attachment",
        "cda-bold",
        "cda-bottom-rule",
        "cda-caption",
        "cda-center",
        "cda-cut",
        "cda-emphasis",
        "cda-footnote",
        "cda-footnotes",
        "cda-image",
        "cda-italics",
        "cda-left",
        "cda-left-rule",
        "cda-link",
        "cda-media",
        "cda-missing",
        "cda-other",
        "cda-over",
        "cda-right",
        "cda-right-rule",
        "cda-section",
        "cda-table",
        "cda-text",
        "cda-title",
        "cda-top-rule",
        "cda-underline",
    }
)
"""Every class that narrative HTML may carry; the portal's style sheet knows them."""

_PLAIN = frozenset({"class", "id"})
TAGS: dict[str, frozenset[str]] = {
    "a": _PLAIN | {"href", "target"},
    "br": frozenset(),
    "caption": _PLAIN,
    "div": _PLAIN,
    "em": _PLAIN,
    "h2": _PLAIN,
    "h3": _PLAIN,
    "h4": _PLAIN,
    "h5": _PLAIN,
    "h6": _PLAIN,
    "img": _PLAIN | {"alt", "loading", "src"},
    "ins": _PLAIN,
    "li": _PLAIN,
    "ol": _PLAIN | {"type"},
    "p": _PLAIN,
    "section": _PLAIN,
    "span": _PLAIN,
    "strong": _PLAIN,
    "sub": _PLAIN,
    "sup": _PLAIN,
    "table": _PLAIN | {"role"},
    "tbody": _PLAIN | {"role"},
    "td": _PLAIN | {"colspan", "data-label", "role", "rowspan"},
    "tfoot": _PLAIN | {"role"},
    "th": _PLAIN | {"colspan", "role", "rowspan", "scope"},
    "thead": _PLAIN | {"role"},
    "tr": _PLAIN | {"role"},
    "u": _PLAIN,
    "ul": _PLAIN,
}
"""Every element that narrative HTML may hold, with the attributes that it may have."""

VALUES: dict[str, dict[str, frozenset[str]]] = {
    "a": {"target": frozenset({"_blank"})},
    "img": {"loading": frozenset({"lazy"})},
    "ol": {"type": frozenset({"1", "A", "I", "a", "i"})},
    "table": {"role": frozenset({"table"})},
    "tbody": {"role": frozenset({"rowgroup"})},
    "td": {"role": frozenset({"cell"})},
    "tfoot": {"role": frozenset({"rowgroup"})},
    "th": {
        "role": frozenset({"columnheader", "rowheader"}),
        "scope": frozenset({"col", "row"}),
    },
    "thead": {"role": frozenset({"rowgroup"})},
    "tr": {"role": frozenset({"row"})},
}
"""Attributes of which only these values pass."""

SCHEMES = frozenset({"http", "https"})


@lru_cache(maxsize=16)
def _cleaner(media: str) -> nh3.Cleaner:
    """A cleaner that lets addresses through that begin with ``media``, and fragments."""

    def own(address: str) -> str | None:
        if address.startswith("#") or (media and address.startswith(media)):
            return address
        return None

    def image(tag: str, attribute: str, value: str) -> str | None:
        """A picture comes from the portal only: its address must be one of ours."""
        if tag == "img" and attribute == "src":
            return value if media and value.startswith(media) else None
        return value

    return nh3.Cleaner(
        tags=set(TAGS),
        attributes={
            tag: set(names) - VALUES.get(tag, {}).keys() - {"class"} for tag, names in TAGS.items()
        },
        attribute_filter=image,
        tag_attribute_values={
            tag: {name: set(given) for name, given in names.items()}
            for tag, names in VALUES.items()
        },
        allowed_classes={tag: set(CLASSES) for tag, names in TAGS.items() if "class" in names},
        url_schemes=set(SCHEMES),
        url_relative=own,
        link_rel="noopener noreferrer",
        strip_comments=True,
    )


def walled(html: str, media: str) -> str:
    """The HTML, parsed and written anew from what is allowed.

    ``media`` begins the address of every attachment (``/documents/…/files/``); empty where there
    are none.
    """
    cleaned = _cleaner(media).clean(html)
    return cleaned.replace("<p></p>", "")  # what is left where a block stood in a paragraph
