"""What reads the bodies that only a decoder opens; composition gives it to a worker."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from carnet.formats.cda.facts import FACTS_READER
from carnet.formats.gist import GIST_READER
from carnet.storage.codes import DerivedKind

TEXT_READER = 3  # version of what makes text; a higher one derives anew
NARRATIVE_READER = 2  # what a text counts as read by where a decoder was wanted and none given
_GISTS = 100  # gists are made of facts: who reads anew reads both

READERS = {
    DerivedKind.TEXT: TEXT_READER,
    DerivedKind.FACTS: FACTS_READER * _GISTS + GIST_READER,
}
"""The versions of this program's readers, with a decoder."""


class Decoder(Protocol):
    """Reads PDF and RTF for their words."""

    def turn(self) -> AbstractAsyncContextManager[object]:
        """To be held from before the bytes are there: so few documents are in memory at once."""
        ...

    async def text(self, content: bytes, media_type: str) -> str | None:
        """The words of a PDF, an RTF or a CDA whose body is one, None where there are none.

        Form feeds stand between pages. Never raises for what a document holds.
        """
        ...


def readers_with(decoder: Decoder | None) -> dict[DerivedKind, int]:
    """The versions of the readers of who has this decoder, or none.

    Who has none is done when all is read that needs none, and leaves the rest to who has one.
    """
    return READERS if decoder is not None else READERS | {DerivedKind.TEXT: NARRATIVE_READER}
