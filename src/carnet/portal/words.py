"""What pages say, in French or English: gettext, numbers and dates as people say them.

French sentences stand in the code and are the keys; ``locale/en`` holds their English. The language
of the page being written is ambient, so that a component need not be handed it.
"""

from __future__ import annotations

import functools
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from carnet.portal.manner import Language

LOCALE = Path(__file__).resolve().parent / "locale"
DOMAIN = "portal"
_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)")
_THIN = re.compile(r" (?=[;?!])")
_WIDE = re.compile(r" (?=[:»]|%(?!\())|(?<=«) ")
_language: ContextVar[Language] = ContextVar("language", default="fr")


def catalogue_file(language: Language) -> Path:
    """Where the sentences of a language stand."""
    return LOCALE / language / "LC_MESSAGES" / f"{DOMAIN}.po"


@functools.cache
def translations(language: Language) -> NullTranslations:
    """The sentences of a language; French ones are the keys themselves."""
    if language == "fr":
        return NullTranslations()
    with catalogue_file(language).open("rb") as file:
        catalogue = read_po(file, locale=language, domain=DOMAIN)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return Translations(compiled, DOMAIN)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within it, all that this module gives is in one language."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def language() -> Language:
    """The language being spoken."""
    return _language.get()


@functools.lru_cache(maxsize=8192)
def typeset(french: str) -> str:
    """French with its typographic apostrophes, and spaces that do not break before its signs.

    Imprimerie nationale, *Lexique des règles typographiques*: a space before ``:`` and inside
    guillemets, a thin one before ``; ? !``, and one between a number and ``%``.
    """
    text = _APOSTROPHE.sub("’", french)
    text = _THIN.sub("\N{NARROW NO-BREAK SPACE}", text)
    return _WIDE.sub("\N{NO-BREAK SPACE}", text)


def gettext(message: str) -> str:
    """A French sentence in the language being spoken."""
    if language() == "fr":
        return typeset(message)
    return translations(language()).ugettext(message)


def ngettext(singular: str, plural: str, count: int) -> str:
    """The same for a sentence that a number changes; French counts none and one alike."""
    if language() == "fr":
        return typeset(singular if abs(count) < 2 else plural)
    return translations(language()).ungettext(singular, plural, count)


def number(value: Decimal | int | str) -> str:
    """A number with all digits it was given: 7,10 stays 7,10. Text that is none stays as it is."""
    try:
        exact = Decimal(value)
    except ArithmeticError:
        return str(value)
    if not exact.is_finite():
        return str(value)
    digits = max(0, -int(exact.as_tuple().exponent))
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(exact, format=pattern, locale=language())
