"""Brings the English catalogue of the portals up to date with the French sentences in the code.

New sentences stand there without English until somebody writes it (a test asks for it); what the
code no longer says is dropped. No line numbers and no dates, so that a change shows words only.
"""

from __future__ import annotations

import sys
from io import BytesIO

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from carnet.portal.assets import HERE
from carnet.portal.words import catalogue_file

_METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2.ext:babel_extract"),
]
_OPTIONS = {"templates/**.html": {"trimmed": "true", "silent": "false", "encoding": "utf-8"}}
_WIDTH = 96


def french() -> Catalog:
    """The sentences of the code."""
    found = Catalog(locale="en", fuzzy=False)
    for file, _, message, comments, context in extract_from_dir(
        HERE, _METHODS, _OPTIONS, keywords=_KEYWORDS
    ):
        found.add(message, locations=[(file, 0)], auto_comments=comments, context=context)
    return found


_KEYWORDS: dict[str, tuple[int, ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
}


def english() -> Catalog:
    """The English catalogue as it stands."""
    with catalogue_file("en").open("rb") as file:
        return read_po(file, locale="en")


def updated() -> bytes:
    """The English catalogue as it should stand, all that is translated kept."""
    known = english() if catalogue_file("en").exists() else Catalog(locale="en")
    wanted = french()
    whole = Catalog(locale="en", fuzzy=False, header_comment="# The English of Carnet's pages.")
    for message in wanted:
        if not message.id:
            continue
        said = known.get(message.id)
        whole.add(
            message.id,
            said.string if said is not None else None,
            locations=message.locations,
            auto_comments=message.auto_comments,
        )
    text = BytesIO()
    write_po(text, whole, width=_WIDTH, sort_by_file=True, omit_header=False, include_lineno=False)
    lines = text.getvalue().decode().splitlines()
    dated = (
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "Language-Team", "Last-Translator"),
        *("POT-Creation-Date", "PO-Revision-Date", "Generated-By"),
    )
    kept = [line for line in lines if not line.startswith(tuple(f'"{name}:' for name in dated))]
    return ("\n".join(kept).strip() + "\n").encode()


def lacking(message: Message) -> bool:
    """Whether a message has no English yet, or not for every number."""
    said = message.string
    return bool(message.id) and not (said if isinstance(said, str) else said and all(said))


def main() -> None:
    """Write it, and tell what lacks its English."""
    catalogue_file("en").parent.mkdir(parents=True, exist_ok=True)
    text = updated()
    catalogue_file("en").write_bytes(text)
    missing = [message.id for message in read_po(BytesIO(text), locale="en") if lacking(message)]
    for one in missing:
        sys.stdout.write(f"without English: {one}\n")


if __name__ == "__main__":
    main()
