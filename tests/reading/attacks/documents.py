"""From an entry of the list to a document."""

from __future__ import annotations

import base64
import tomllib
from pathlib import Path
from xml.sax.saxutils import quoteattr

import msgspec

from tests.formats.cda.minimal import MINIMAL, PDF
from tests.reading import samples

_LIST = Path(__file__).parent / "attacks.toml"
_NARRATIVES = {"LISTS": "<list><item>" * 40 + "fond" + "</item></list>" * 40}


class Attack(msgspec.Struct, frozen=True):
    """One entry (see the head of ``attacks.toml``)."""

    narrative: str = ""
    title: str = "Titre"
    header: tuple[tuple[str, str], ...] = ()
    prolog: str = ""
    media: tuple[str, str] | None = None
    body: str | None = None
    content: str = ""
    sample: str = ""
    says: str | None = None
    code: str | None = None


def attacks() -> dict[str, Attack]:
    """The list, by name."""
    return msgspec.convert(tomllib.loads(_LIST.read_text(encoding="utf-8")), dict[str, Attack])


def document(attack: Attack) -> bytes:
    """The CDA that carries an attack."""
    text = MINIMAL
    for old, new in attack.header:
        assert old in text, old
        text = text.replace(old, new)
    if attack.prolog:
        text = text.replace("?>\n", f"?>{attack.prolog}\n", 1)
    if attack.body is not None:
        content = base64.b64encode(_content(attack)).decode()
        text = text.replace('"application/pdf"', quoteattr(attack.body)).replace(PDF, content)
        return text.encode()
    start, end = text.index("<nonXMLBody>"), text.index("</component>")
    narrative = _NARRATIVES.get(attack.narrative, attack.narrative)
    section = f"<section><title>{attack.title}</title><text>{narrative}</text>{_entry(attack)}"
    body = f"<structuredBody><component>{section}</section></component></structuredBody>"
    return (text[:start] + body + text[end:]).encode()


def _entry(attack: Attack) -> str:
    if attack.media is None:
        return ""
    name, media_type = (quoteattr(each) for each in attack.media)
    content = attack.content.encode() or samples.picture("PNG")
    value = f"<value mediaType={media_type} representation='B64'>"
    value += f"{base64.b64encode(content).decode()}</value>"
    return f"<entry><observationMedia ID={name}>{value}</observationMedia></entry>"


def _content(attack: Attack) -> bytes:
    if not attack.sample:
        return attack.content.encode()
    sample = getattr(samples, attack.sample)
    made: bytes = sample() if callable(sample) else sample
    return made
