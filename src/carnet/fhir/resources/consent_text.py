"""Carnet's extension of the text that was shown to the citizen when they consented."""

from __future__ import annotations

from carnet.formats.fhir import urls
from carnet.formats.fhir.reading import Element
from carnet.record.errors import CarnetError
from carnet.usecases.requests import ConsentText


def read_consent_text(extension: Element) -> ConsentText:
    """The text that was shown: id, version, language as parts of Carnet's extension."""
    parts: dict[str, str] = {}
    for part in extension.children("extension", 5):
        name = part.needed_text("url", 20)
        if name not in ("id", "version", "language"):
            raise CarnetError("extension-unknown", part.path)
        parts[name] = part.needed_text("valueString", 64)
        part.done()
    if not {"id", "version"} <= parts.keys():
        raise CarnetError("element-required", extension.at("extension"))
    return ConsentText(parts["id"], parts["version"], parts.get("language", "fr"))


def consent_text_json(text: ConsentText) -> dict[str, object]:
    """Carnet's extension of the text that was shown."""
    parts = (("id", text.id), ("version", text.version), ("language", text.language))
    return {
        "url": urls.CONSENT_TEXT,
        "extension": [{"url": name, "valueString": value} for name, value in parts],
    }
