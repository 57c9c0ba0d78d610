"""The tables: what can be the matter, what people call documents and their authors."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec

_DATA = Path(__file__).parent / "data"
_LASTING = frozenset({"chronic", "social"})
_IN_BRACKETS = re.compile(r"\([^()]*\)")
_NO_WORD = re.compile(r"[^a-z0-9]+")


class Saying(msgspec.Struct, frozen=True):
    """Words in both languages."""

    fr: str
    en: str


class Topic(msgspec.Struct, frozen=True):
    """What an episode can be about. The fields are told in ``data/topics.toml``."""

    kind: str
    fr: str
    en: str
    words: tuple[str, ...] = ()
    icd: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    loinc: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    gap: int = 0
    blood: bool = False
    broader: str = ""
    over: tuple[str, ...] = ()
    no: tuple[str, ...] = msgspec.field(name="not", default=())

    @property
    def lasts(self) -> bool:
        """Whether it is an illness or a way of living that lasts."""
        return self.kind in _LASTING


class PaperWords(msgspec.Struct, frozen=True):
    """What people call documents of a type, and what the type is to the rules."""

    sort: str
    fr: str
    en: str
    by: Saying | None = None
    noise: bool = False


class AuthorWords(msgspec.Struct, frozen=True):
    """Who wrote it, in words."""

    fr: str
    the: str
    en: str
    topics: tuple[str, ...] = ()
    alone: str = ""


class Shown(msgspec.Struct, frozen=True):
    """What a document shows. ``whole``: a picture whose name says its site already."""

    fr: str
    en: str
    words: tuple[str, ...] = ()
    atc: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    whole: bool = False


class Analyte(msgspec.Struct, frozen=True):
    """An analysis that people know by name."""

    fr: str
    en: str
    loinc: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    feminine: bool = False


def _read(name: str, kind: type[msgspec.Struct]) -> dict[str, msgspec.Struct]:
    rows = tomllib.loads((_DATA / f"{name}.toml").read_text(encoding="utf-8"))
    return {key: msgspec.convert(row, kind, strict=True) for key, row in rows.items()}


@cache
def topics() -> dict[str, Topic]:
    """Every topic by its key."""
    return _read("topics", Topic)  # type: ignore[return-value]  # of that kind by construction


@cache
def papers() -> dict[str, PaperWords]:
    """The words of every type of document (JDV_J07)."""
    return _read("papers", PaperWords)  # type: ignore[return-value]  # as above


@cache
def _authors() -> dict[str, AuthorWords]:
    return _read("authors", AuthorWords)  # type: ignore[return-value]  # as above


@cache
def shown() -> dict[str, dict[str, Shown]]:
    """What documents show, by sort of thing (modality, site, sample, vaccine) and key."""
    rows = tomllib.loads((_DATA / "shows.toml").read_text(encoding="utf-8"))
    return msgspec.convert(rows, dict[str, dict[str, Shown]], strict=True)


@cache
def analytes() -> dict[str, Analyte]:
    """The analyses that people know, the first to be told first."""
    return _read("analytes", Analyte)  # type: ignore[return-value]  # as above


@cache
def forms() -> dict[str, Saying]:
    """The forms of the parts of a sentence."""
    return _read("sentences", Saying)  # type: ignore[return-value]  # as above


UNKNOWN = PaperWords("paper", "Document", "Document")


def paper_words(type_code: str) -> PaperWords:
    """The words of a type; a type that no table knows is a document."""
    return papers().get(type_code, UNKNOWN)


@cache
def author_words(specialty: str) -> AuthorWords | None:
    """The words for a code of JDV_J01: those of the longest beginning that the table has."""
    for length in range(len(specialty), 0, -1):
        found = _authors().get(specialty[:length])
        if found is not None and (length == len(specialty) or specialty[length] == "/"):
            return found
    return None


def plain(text: str) -> str:
    """Lower case, without accents, one space between words and at both ends."""
    text = text.lower().replace("œ", "oe").replace("æ", "ae")
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(each for each in decomposed if not unicodedata.combining(each))
    return f" {_NO_WORD.sub(' ', bare).strip()} "


@cache
def _word_table(field: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """One expression for all words, longest first, and the topic of each."""
    table = {word: key for key, topic in topics().items() for word in getattr(topic, field)}
    words = sorted(table, key=len, reverse=True)
    return re.compile("(?<= )(?:" + "|".join(map(re.escape, words)) + ")"), table


def topics_in(text: str, field: str = "words") -> tuple[str, ...]:
    """The topics that a text names, in its order, each once; ``field`` is words or tests."""
    words = plain(text)
    expression, table = _word_table(field)
    found = dict.fromkeys(table[each.group()] for each in expression.finditer(words))
    known = topics()
    kept = [key for key in found if not any(f" {no}" in words for no in known[key].no)]
    narrowed = {broad for key in kept for broad in known[key].over}
    return tuple(key for key in kept if key not in narrowed)


@cache
def _code_table(field: str) -> dict[str, str]:
    return {code: key for key, topic in topics().items() for code in getattr(topic, field)}


@cache
def topic_of_code(field: str, code: str) -> str | None:
    """The topic of a code (``icd``, ``atc``, ``loinc``), by the longest beginning in the table."""
    table = _code_table(field)
    if field == "loinc":
        return table.get(code)
    return next((table[code[:n]] for n in range(len(code), 0, -1) if code[:n] in table), None)


@cache
def _analytes_by_code() -> dict[str, tuple[int, str]]:
    rows = enumerate(analytes().items())
    return {code: (rank, key) for rank, (key, one) in rows for code in one.loinc}


def analyte_rank(codes: Sequence[str], name: str) -> tuple[int, str]:
    """How early an analysis is told, and its key; a large number and nothing for unknown ones."""
    for code in codes:
        if code in _analytes_by_code():
            return _analytes_by_code()[code]
    words = plain(_IN_BRACKETS.sub(" ", name)).strip()
    for rank, (key, one) in enumerate(analytes().items()):
        if words in one.words:
            return rank, key
    return len(analytes()), ""


def first_shown(table: str, text: str, atc: Sequence[str] = (), about: Sequence[str] = ()) -> str:
    """The key of what a text, ATC codes or topics show, of one table; empty if none fits."""
    words = plain(text)
    for key, one in shown()[table].items():
        if any(code.startswith(one.atc) for code in atc if one.atc):
            return key
        if set(about) & set(one.topics):
            return key
    for key, one in shown()[table].items():
        if any(not word or f" {word}" in words for word in one.words):
            return key
    return ""
