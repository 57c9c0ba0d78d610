"""Medical words explained where they stand: glossary terms and abbreviations of a text are marked.

A mark is the component ``components/word.html``: the word itself as a button, its meaning beside
it, never in its place. Each word is marked once a paragraph, the longest first; nothing is marked
in links, headings and other controls. The text between the marks is not touched. The time taken is
linear in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from html import unescape

from markupsafe import Markup, escape

from carnet.portal.pieces import Piece, pieces_of
from carnet.portal.words import gettext as _
from carnet.record.words import Word, words

Component = Callable[[Markup, Markup, str, Markup], Markup]
"""Writes a mark from the word as it stands, its meaning, an id, and what it stands for in full."""

# A character reference is no word; letters may carry combining accents.
TOKEN = re.compile(r"&#?\w{1,32};|[\w\u0300-\u036f]+")
HYPHENS = "-\u2010\u2011"
SIMPLE = frozenset({"", " ", "-", "'", "/"})
NEAR = 80  # a part of a word, with what stands before it, is shorter than that
PLACE = "\ue000"  # stands for an id until it is known; for private use, so in no word
SHOUTED = 2  # unknown words in capitals that make a text one in which capitals say nothing


class _Node:
    """A step of the tree of words: what may follow, and what ends here."""

    __slots__ = ("after", "word")

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}
        self.word: Word | None = None


_Starts = tuple[_Node | None, _Node | None]
NOWHERE: _Starts = (None, None)


def folded(text: str) -> str:
    """Without case and accents, œ as oe and æ as ae."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).lower())
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return bare.replace("œ", "oe").replace("æ", "ae")


class Explainer:
    """Finds words in texts. Made once; it keeps nothing of the texts."""

    def __init__(self, component: Component, known: Iterable[Word] | None = None) -> None:
        self._component = component
        self._exact = _Node()
        self._loose = _Node()
        self._capitals: set[str] = set()
        for word in words() if known is None else known:
            if len(word.written) > 1:  # a single letter is anything
                self._add(word)

    def text(self, text: str, prefix: str) -> Markup:
        """Plain text, escaped and marked. ``prefix`` begins the ids, unique in the page."""
        return self.html(escape(text), prefix)

    def html(self, html: str, prefix: str) -> Markup:
        """Harmless HTML, its texts marked; tags and attributes stay as they are."""
        marked: list[str] = []
        marks: dict[str, str] = {}
        starts: dict[str, _Starts] = {}
        seen: set[str] = set()
        number = 0
        for piece in pieces_of(html):
            if piece.breaks:
                seen.clear()
            if not piece.open:
                marked.append(piece.text)
                continue
            done = 0
            for begin, end, word in self._found(piece, starts):
                if word.written in seen:
                    continue
                seen.add(word.written)
                number += 1
                written = piece.text[begin:end]
                if written not in marks:
                    marks[written] = self._mark(written, word)
                marked += (
                    piece.text[done:begin],
                    marks[written].replace(PLACE, f"{prefix}-{number}"),
                )
                done = end
            marked.append(piece.text[done:])
        return Markup("".join(marked))  # noqa: S704  the caller's own HTML, and the component's

    def _mark(self, written: str, word: Word) -> str:
        """A mark, its id still to be put in: the same word often comes again."""
        full = Markup("")
        if word.senses and not word.ambiguous:
            full = _french(word.senses[0].full)
        # What stands in an HTML text is HTML already.
        return str(self._component(Markup(written), meaning(word), PLACE, full))  # noqa: S704

    def _add(self, word: Word) -> None:
        if word.as_written:
            node = self._exact
            for gap, part in _parts(word.written):
                node = node.after.setdefault(gap + part, _Node())
                self._capitals.add(part)
            node.word = node.word or word
            return
        node = self._loose
        for gap, part in _parts(word.written):
            form = folded(part)
            following = node.after.setdefault(gap + form, _Node())
            for plural in _plurals(form):
                node.after.setdefault(gap + plural, following)
            node = following
        node.word = node.word or word

    def _found(self, piece: Piece, starts: dict[str, _Starts]) -> Iterator[tuple[int, int, Word]]:
        """Words of a text from left to right, the longest at each place, none within another."""
        text = piece.text
        done = 0
        loud: bool | None = None
        for token in TOKEN.finditer(text):
            first = token[0]
            nodes = starts.get(first)
            if nodes is None:
                nodes = starts[first] = self._starts(first)
            if nodes == NOWHERE or token.start() < done:
                continue
            word, end = _longest(nodes[0], text, token.end(), folded)
            if nodes[1]:
                exact, exact_end = _longest(nodes[1], text, token.end(), None)
                loud = _shouting(text, self._capitals) if loud is None else loud
                if exact and exact_end >= end and not loud:
                    word, end = exact, exact_end
            if word and _whole(piece, token.start(), end):
                yield token.start(), end, word
                done = end

    def _starts(self, token: str) -> _Starts:
        return self._loose.after.get(folded(token)), self._exact.after.get(token)


def meaning(word: Word) -> Markup:
    """What a word means, in French whatever the language of the page; all senses where unsure."""
    if word.ambiguous:
        senses = [
            f"{sense.full} ({sense.note})" if sense.note else sense.full for sense in word.senses
        ]
        text = " ; ".join(senses)
        if word.explanation:
            text = f"{text}. {word.explanation}"
        return Markup("{} {}").format(_("Peut vouloir dire\N{NO-BREAK SPACE}:"), _french(text))
    text = word.explanation or next((sense.note for sense in word.senses), "")
    return _french(text) if text else Markup("")


def _french(text: str) -> Markup:
    return Markup('<span lang="fr">{}</span>').format(text)


def _parts(written: str) -> Iterator[tuple[str, str]]:
    """The parts of a word, each with what stands before it, made comparable."""
    done = 0
    for token in TOKEN.finditer(written):
        yield _comparable(written[done : token.start()]) if done else "", token[0]
        done = token.end()


def _comparable(gap: str) -> str:
    """Spaces of any kind and number as one, hyphens and apostrophes as the plain ones."""
    if gap in SIMPLE:
        return gap
    plain = re.sub(r"\s+", " ", unescape(gap))
    return plain.translate({ord("’"): "'", ord("\u2010"): "-", ord("\u2011"): "-"})


def _plurals(form: str) -> Iterator[str]:
    if len(form) < 3 or not form.isalpha() or form[-1] in "sxz":
        return
    yield form + "s"
    if form.endswith(("eau", "eu")):
        yield form + "x"
    if form.endswith("al"):
        yield form[:-1] + "ux"


def _longest(
    node: _Node | None, text: str, end: int, fold: Callable[[str], str] | None
) -> tuple[Word | None, int]:
    """The longest word that goes on from a first part, and where it ends."""
    word: Word | None = None
    last = end
    while node:
        if node.word:
            word, last = node.word, end
        if not node.after:
            break
        token = _next(text, end)
        if token is None:
            break
        part = fold(token[0]) if fold else token[0]
        node = node.after.get(_comparable(text[end : token.start()]) + part)
        end = token.end()
    return word, last


def _next(text: str, at: int) -> re.Match[str] | None:
    """The next part of a word, if it is near; character references stand between parts."""
    limit = min(at + NEAR, len(text))
    while token := TOKEN.search(text, at, limit):
        if token[0][0] != "&":
            return None if token.end() == limit < len(text) else token
        at = token.end()
    return None


def _whole(piece: Piece, begin: int, end: int) -> bool:
    """Whether a stretch is no part of a longer word, also one that inline tags cut in pieces."""
    text = piece.text
    if begin == 0 and piece.glued_before:
        return False
    if end == len(text) and piece.glued_after:
        return False
    before = text[begin - 2 : begin] if begin > 1 else ""
    after = text[end : end + 2]
    joined_before = before[1:] in HYPHENS and before[:1].isalnum() if before else False
    joined_after = after[:1] in HYPHENS and after[1:].isalnum() if after else False
    return not (joined_before or joined_after)


def _shouting(text: str, known: set[str]) -> bool:
    """Whether a text is written in capitals, so that ``PAS`` may be a word and no abbreviation."""
    unknown = 0
    for token in TOKEN.finditer(text):
        part = token[0]
        if len(part) > 2 and part.isalpha():
            if not part.isupper():
                return False
            unknown += part not in known
    return unknown >= SHOUTED
