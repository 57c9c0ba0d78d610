"""How a house writes: the style of its papers, how it signs, what it prints around a letter."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from carnet.formats.pdf import Letterhead, Style
from carnet.population import model
from carnet.population.writing.context import Context
from carnet.population.writing.digest import number_from, pick
from carnet.population.writing.french import address_of, phone_of, short_date, spoken

FOOTER = "Démonstration : personnes, structures et résultats inventés."
_CHEQUES = "Membre d'une association de gestion agréée, le règlement par chèque est accepté. "
_HOUSE = "ETABLISSEMENT"  # J04: where a department writes

BY_KIND: Mapping[str, Style] = {
    "certificate": Style.CERTIFICATE,
    "dispensation": Style.TICKET,
    "emergency": Style.EMERGENCY,
    "hospital-laboratory": Style.LABORATORY,
    "imaging": Style.IMAGING,
    "imaging-letter": Style.IMAGING,
    "imaging-request": Style.PRESCRIPTION,
    "implant-card": Style.CERTIFICATE,
    "laboratory": Style.LABORATORY,
    "laboratory-prescription": Style.PRESCRIPTION,
    "nursing-prescription": Style.PRESCRIPTION,
    "physiotherapy-prescription": Style.PRESCRIPTION,
    "prescription": Style.PRESCRIPTION,
    "school-plan": Style.SCHOOL,
    "screening": Style.IMAGING,
    "sick-leave": Style.CERTIFICATE,
}
"""Kinds that look the same whoever writes them; every other one is a letter of its house."""
_AT_DESK = (Style.CLASSIC, Style.PRACTICE, Style.TYPEWRITER)
_IN_HOUSE = (Style.HOSPITAL, Style.HOSPITAL, Style.CLINIC)
_WIDE_FEET = frozenset({Style.PRACTICE, Style.PRESCRIPTION})  # room for two sentences
STAMPED = frozenset({Style.PRESCRIPTION, Style.BIZONE, Style.CERTIFICATE})
_ELECTRONIC = frozenset({Style.LABORATORY, Style.IMAGING, Style.HOSPITAL, Style.CLINIC})
LETTERS = frozenset({*_AT_DESK, *_IN_HOUSE, Style.IMAGING})
"""Styles of letters that greet who receives them."""


def is_house(author: model.Professional) -> bool:
    """Whether somebody writes on the paper of a hospital or clinic."""
    return author.structure.setting.code == _HOUSE


def style_of(document: model.Document, author: model.Professional) -> Style:
    """The style of a document on paper: its own, its kind's, its author's, that of the house."""
    if document.style:
        return Style(document.style)
    known = BY_KIND.get(document.kind)
    if known is not None:
        return known
    if author.style:
        return Style(author.style)
    choice = _IN_HOUSE if is_house(author) else _AT_DESK
    return pick(f"style/{author.structure.identifier.extension}", choice)


def number_at(context: Context) -> str:
    """The number that a house knows the patient by (IPP)."""
    house = context.writer.structure.identifier.extension
    return f"80{number_from(f'ipp/{house}/{context.person.key}') % 10**7:07d}"


def letterhead(context: Context, style: Style) -> Letterhead:
    """The head of a professional's paper."""
    author = context.writer
    house = author.structure
    rpps, finess = author.identifier.extension[1:], house.identifier.extension[1:]
    name = spoken(author.name)
    telephone = f"Tél. {phone_of(house.phone)}"
    staff: tuple[str, ...] = ()
    if style is Style.HOSPITAL:
        staff = ("# Médecin" if author.name.suffix else "# Professionnel", name, author.title)
        staff = (*staff, f"RPPS {rpps}", "# Secrétariat", telephone, "# Établissement", house.name)
        staff = (*staff, *address_of(house.place), f"FINESS {finess}")
    return Letterhead(
        house=house.name,
        lines=(*address_of(house.place), telephone),
        author=name,
        author_lines=(author.title,) if staff else (author.title, f"RPPS {rpps}"),
        staff=staff,
        codes=(number_at(context),) if style is Style.EMERGENCY else (rpps, finess),
    )


class Signing(msgspec.Struct, frozen=True):
    """What stands under a text: lines, the seed of a drawn signature, the lines of a stamp."""

    lines: tuple[str, ...]
    scribble: str = ""
    stamp: tuple[str, ...] = ()


def signing(context: Context, style: Style) -> Signing:
    """How this author signs: by hand, with a stamp where a paper needs one, or by a computer."""
    author = context.writer
    name, house = spoken(author.name), author.structure
    if style is Style.TICKET:
        words = ("Merci de votre confiance", "Bonne journée", "À conserver avec l'ordonnance")
        return Signing((pick(f"ticket/{house.key}", words),))
    scribble = f"scribble/{author.identifier.extension}"
    if style in STAMPED:
        lines = (name, author.title, house.place.city)
        return Signing((name,), scribble, lines)
    if style in _ELECTRONIC and pick(f"signing/{house.key}", (True, False)):
        done = f"le {short_date(context.written.date())} à {context.written:%H:%M}"
        return Signing((name, author.title, f"Document validé électroniquement {done}"))
    return Signing((name, author.title), scribble)


def footer(context: Context, style: Style) -> str:
    """What stands at the foot: what practices must say of cheques, and what this is."""
    author = context.writer
    charges = author.name.suffix == "DR" and not is_house(author)
    return f"{_CHEQUES}{FOOTER}" if charges and style in _WIDE_FEET else FOOTER


def references(context: Context, style: Style) -> tuple[str, ...]:
    """The numbers that a house gives: patient, stay, file."""
    document = context.document
    if style is Style.LABORATORY:
        return (f"Dossier {document.at:%y%m%d}-{number_from(context.paper) % 900 + 100:04d}",)
    if not is_house(context.writer) or style in STAMPED:
        return ()
    return (f"IPP {number_at(context)}",)
