"""Value sets of the metadata: codes, their French labels, and what follows from one another.

The files in ``data/`` name their value set, version and source (NOS, Agence du numérique en santé).
They are read when first asked for and kept. An operator's directory may replace any of them by a
file of the same name, since the sets are published anew several times a year.
"""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.vocabulary.files import (
    ValueSet,
    read_to_format,
    read_type_to_class,
    read_value_set,
)
from carnet.record.vocabulary.systems import nos_url, system_oid, system_url

__all__ = [
    "FORMAT_DICOM_KOS",
    "ValueSet",
    "class_of_type",
    "format_of_media_type",
    "format_of_template",
    "load",
    "names",
    "nos_url",
    "system_oid",
    "system_url",
    "value_set",
]

OID_CLASS = "1.2.250.1.213.1.1.4.1"  # TRE_A03
FORMAT_DICOM_KOS = Code("1.2.840.10008.2.6.1", "1.2.840.10008.5.1.4.1.1.88.59")
"""The formatCode of a DICOM Key Object Selection, which no table gives."""

_SHIPPED = Path(__file__).parent / "data"
_CLASSES = "ASS_X04_TypeToClass"
_TEMPLATES = "ASS_A11_ModelToFormat"
_MEDIA_TYPES = "ASS_A12_MediaTypeToFormat"
_ASSOCIATIONS = {_CLASSES, _TEMPLATES, _MEDIA_TYPES}
_FRENCH_MODELS = "1.2.250.1.213."


class _Vocabulary:
    """The files in use: those shipped, each replaced by the operator's of the same name."""

    def __init__(self, directory: Path | None) -> None:
        self._paths = {path.stem: path for path in sorted(_SHIPPED.glob("*.json"))}
        self._sets: dict[str, ValueSet] = {}
        for path in sorted(directory.glob("*.json")) if directory else ():
            if path.stem not in self._paths:
                raise CarnetError("vocabulary-unknown", file=path.name)
            self._paths[path.stem] = path
            self._read(path.stem)

    def _read(self, stem: str) -> None:
        """Reads an operator's file at once, so that a bad one stops the start and no request."""
        if stem == _CLASSES:
            _ = self.classes
        elif stem == _TEMPLATES:
            _ = self.templates
        elif stem == _MEDIA_TYPES:
            _ = self.media_types
        else:
            self._sets[stem] = read_value_set(self._paths[stem])

    def names(self) -> tuple[str, ...]:
        return tuple(stem for stem in self._paths if stem not in _ASSOCIATIONS)

    def value_set(self, name: str) -> ValueSet:
        found = self._sets.get(name)
        if found is None:
            stem = self._stem(name)
            if stem not in self._sets:
                self._sets[stem] = read_value_set(self._paths[stem])
            found = self._sets[name] = self._sets[stem]
        return found

    def _stem(self, name: str) -> str:
        starts = (f"JDV_{name}_", f"{name}_", f"TRE_{name}_")
        for stem in self.names():
            if stem == name or stem.startswith(starts):
                return stem
        raise LookupError(f"no value set {name}")

    @cached_property
    def classes(self) -> dict[str, str]:
        association = read_type_to_class(self._paths[_CLASSES])
        published = {t: c for c, types in association.classes.items() for t in types}
        return association.choices | published

    @cached_property
    def templates(self) -> dict[str, Code]:
        return self._formats(_TEMPLATES)

    @cached_property
    def media_types(self) -> dict[str, Code]:
        return self._formats(_MEDIA_TYPES)

    def _formats(self, stem: str) -> dict[str, Code]:
        association = read_to_format(self._paths[stem])
        return {
            key: Code(system, code)
            for system, codes in association.formats.items()
            for key, code in codes.items()
        }


class _InUse:
    """Holds the vocabulary of this process; a server sets it once, before it answers."""

    def __init__(self) -> None:
        self._vocabulary: _Vocabulary | None = None

    def get(self) -> _Vocabulary:
        if self._vocabulary is None:
            self._vocabulary = _Vocabulary(None)
        return self._vocabulary

    def put(self, vocabulary: _Vocabulary) -> None:
        self._vocabulary = vocabulary


_in_use = _InUse()


def load(directory: Path | None) -> None:
    """Use an operator's files from ``directory`` in place of those shipped (None: shipped alone).

    A file replaces the one of its name. Raises ``CarnetError``: ``vocabulary-unreadable``,
    ``vocabulary-unknown`` for a file that replaces nothing; then what was in use stays.
    """
    _in_use.put(_Vocabulary(directory))


def names() -> tuple[str, ...]:
    """The full names of all value sets."""
    return _in_use.get().names()


def value_set(name: str) -> ValueSet:
    """A value set by its full name or the short one: ``J07``, ``TRE_A03``, ``A03``.

    Raises LookupError for a name that is not Carnet's.
    """
    return _in_use.get().value_set(name)


def class_of_type(type_code: str) -> Code | None:
    """The class (TRE_A03) that follows from a document type (ASS_X04), or None.

    The association lacks ``101881-1``, a certificate by Carnet's choice, and ``E1762``: no class.
    """
    code = _in_use.get().classes.get(type_code)
    if code is None:
        return None
    return value_set("TRE_A03").find(code) or Code(OID_CLASS, code)


def format_of_template(template_ids: tuple[tuple[str, str | None], ...]) -> Code | None:
    """The formatCode of a structured CDA document, from its templateIds (ASS_A11), or None.

    Versions (extensions) do not count; a French model goes before an international one.
    """
    templates = _in_use.get().templates
    roots = [root for root, _ in template_ids if root in templates]
    if not roots:
        return None
    french = [root for root in roots if root.startswith(_FRENCH_MODELS)]
    return templates[(french or roots)[0]]


def format_of_media_type(media_type: str) -> Code | None:
    """The formatCode of an unstructured CDA document, from its media type (ASS_A12), or None."""
    essence = media_type.partition(";")[0].strip().lower()
    return _in_use.get().media_types.get(essence)
