"""Checking base64 (RFC 4648 §4) as it streams by, without keeping or decoding it."""

from __future__ import annotations

from carnet.record.errors import CarnetError

_BLANKS = b" \t\r\n"
_ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"


class Base64Check:
    """Feed pieces of text, then ask ``finish``; ``element`` names the place in errors.

    White space may stand anywhere (CDA, ED data type); padding only at the end, and completing
    the last group of four.
    """

    def __init__(self, element: str) -> None:
        self._element = element
        self._symbols = 0
        self._padding = 0

    def feed(self, text: str) -> None:
        """Check one piece. Raises ``CarnetError('base64-malformed', element)``."""
        if not text.isascii():
            raise self._refusal()
        symbols = text.encode("ascii").translate(None, _BLANKS)
        rest = symbols.translate(None, _ALPHABET)
        self._symbols += len(symbols) - len(rest)
        if self._padding and len(symbols) > len(rest):
            raise self._refusal()
        if rest:
            if rest.strip(b"=") or not symbols.endswith(rest):
                raise self._refusal()
            self._padding += len(rest)

    def finish(self) -> int:
        """The number of bytes that the text stands for (0 for none). Raises as ``feed``."""
        if self._padding > 2 or (self._symbols + self._padding) % 4:
            raise self._refusal()
        return self._symbols * 3 // 4

    def _refusal(self) -> CarnetError:
        return CarnetError("base64-malformed", self._element)
