"""The files inside a CDA: the body of level 1, ``observationMedia`` (HL7 CDA R2 §4.3.6), others.

Whatever is encoded in base64 counts, in the order of the document from 1. Only the one that is
wanted is kept, as text: base64 is by far the most of a large document.
"""

from __future__ import annotations

from collections.abc import Callable

from carnet.formats.cda.html.model import Attachment
from carnet.formats.cda.html.references import References

_REGION = "regionOfInterest"
_MEDIA = "observationMedia"


class FileReader:
    """Told of every element of the body; ``wanted`` is the number of the file to keep."""

    def __init__(self, references: References, most: int, wanted: int | None = None) -> None:
        self._references = references
        self._most = most
        self._wanted = wanted
        self._names: list[tuple[int, str]] = []  # depth and ID of what is open around a file
        self._depth = 0
        self._open = (0, "", "")  # number, name, media type
        self._address = ""
        self._size = 0
        self._kept: list[str] = []
        self._count = 0
        self.encoded = False
        self.body: Attachment | None = None
        self.found: list[Attachment] = []
        self.left_out = 0
        self.on_text: Callable[[str], None] | None = None

    def start(self, name: str, parent: str, depth: int, attributes: dict[str, str]) -> bool:
        """An element opens. True if it is a file whose text goes to ``on_text``."""
        if self._depth:
            if name == "reference":
                self._address = attributes.get("value", "").strip()[:2_000]
            return False
        if name in (_REGION, _MEDIA):
            self._names.append((depth, attributes.get("ID", "").strip()))
            return False
        encoded = attributes.get("representation") == "B64"
        body = parent == "nonXMLBody" and name == "text"
        if not (encoded or body or (parent == _MEDIA and name == "value")):
            return False
        self._begin(depth, attributes, encoded=encoded, body=body)
        return True

    def end(self, depth: int) -> bool:
        """The element at this depth closes. True if it was the file."""
        if self._depth:
            if depth == self._depth:
                self._finish()
                return True
            return False
        if self._names and self._names[-1][0] == depth:
            self._names.pop()
        return False

    def text(self) -> str:
        """The text of the file that was wanted."""
        return "".join(self._kept)

    def numbered(self, number: int) -> Attachment | None:
        """The file of this number."""
        return next((file for file in self.found if file.number == number), None)

    def listed(self) -> tuple[Attachment, ...]:
        """The files, each marked if the narrative refers to it."""
        return tuple(
            Attachment(
                file.number, file.name, file.media_type, file.size,
                file.number in self._references.shown, file.address,
            )
            for file in self.found
        )  # fmt: skip

    def _begin(self, depth: int, attributes: dict[str, str], *, encoded: bool, body: bool) -> None:
        if body:
            number = 0
        else:
            self._count += 1
            number = self._count
        name = next((name for _, name in reversed(self._names) if name), "")
        self._depth = depth
        self._open = (number, name, attributes.get("mediaType", "").strip().lower()[:100])
        self._address = ""
        self._size = 0
        keep = number == self._wanted
        if keep:
            self.encoded = encoded
        self.on_text = self._keep if keep else self._pass

    def _pass(self, text: str) -> None:
        self._size += len(text)

    def _keep(self, text: str) -> None:
        self._size += len(text)
        self._kept.append(text)

    def _finish(self) -> None:
        number, name, media_type = self._open
        self._depth = 0
        self.on_text = None
        address = self._address if not self._size else ""
        file = Attachment(number, name, media_type, self._size, False, address)
        if number == 0:
            self.body = self.body or file
        elif number > self._most:
            self.left_out += 1
        else:
            self.found.append(file)
            self._references.name_file([name for _, name in self._names if name], file)
