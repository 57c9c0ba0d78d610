"""What a script says, as a file: a letter or report on paper, or a photograph."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from carnet.formats.cda.build import Chapter, EncodedBody
from carnet.formats.pdf import (
    Letter,
    Letterhead,
    Photograph,
    Table,
    render_letter,
    render_photograph,
)
from carnet.population.demo.laboratory import printed
from carnet.population.demo.model import DemoPerson, DemoProfessional, Place
from carnet.population.demo.scripts import DocumentScript, PhotoScript, TableScript
from carnet.population.demo.times import french_date
from carnet.record.identity import Name, Sex

Fill = Callable[[str], str]

_FOOTER = "Démonstration : personnes, structures et résultats inventés."
_CIVILITIES = {"M": "M.", "MME": "Mme"}


def spoken(name: Name) -> str:
    """A name as a letter writes it: ``Dr Hélène GARRIGUE``, ``Mme Camille BERTHIER``."""
    civility = "Dr" if name.suffix == "DR" else _CIVILITIES.get(name.prefix or "", "")
    return " ".join(part for part in (civility, name.given, name.family) if part)


def _phone(number: str) -> str:
    return " ".join(number[i : i + 2] for i in range(0, len(number), 2))


def _address(place: Place) -> tuple[str, str]:
    return f"{place.number}, {place.street}", f"{place.postal_code} {place.city}"


def _letterhead(author: DemoProfessional) -> Letterhead:
    house = author.structure
    return Letterhead(
        house=house.name,
        lines=(*_address(house.place), f"Tél. {_phone(house.phone)}"),
        author=spoken(author.name),
        author_lines=(author.title, f"RPPS {author.identifier.extension[1:]}"),
    )


def _patient(person: DemoPerson) -> tuple[str, ...]:
    born = date.fromisoformat(person.traits.birth_date)
    word = "Née" if person.traits.sex is Sex.FEMALE else "Né"
    number = person.ins.matricule
    return (
        spoken(person.name),
        f"{word} le {french_date(born)} à {person.birth_city.title()}",
        f"INS {number[:13]} {number[13:]} (test)",
    )


def _part(part: str | TableScript, fill: Fill) -> str | Table:
    if isinstance(part, str):
        return fill(part)
    rows = tuple(tuple(fill(cell) for cell in row) for row in part.rows)
    return Table(part.heads, rows)


def professional_letter(
    script: DocumentScript,
    person: DemoPerson,
    author: DemoProfessional,
    recipient: DemoProfessional | None,
    day: date,
    fill: Fill,
) -> bytes:
    """A letter, report or prescription on the paper of its author, as PDF."""
    addressed: tuple[str, ...] = ()
    if recipient is not None:
        house = recipient.structure
        addressed = (spoken(recipient.name), house.name, *_address(house.place))
    city = author.structure.place.city.title()
    letter = Letter(
        letterhead=_letterhead(author),
        place_and_date=f"{city}, le {french_date(day)}",
        title=script.title,
        patient=_patient(person),
        body=tuple(_part(part, fill) for part in script.text),
        recipient=addressed,
        greeting=script.greeting,
        closing=script.closing,
        signature=(spoken(author.name), "Signé électroniquement"),
        footer=_FOOTER,
    )
    return render_letter(letter)


def laboratory_report(
    title: str,
    person: DemoPerson,
    author: DemoProfessional,
    day: date,
    chapters: tuple[Chapter, ...],
) -> bytes:
    """The printed form of a laboratory report, as PDF."""
    body = [part for chapter in chapters for part in printed(chapter)]
    city = author.structure.place.city.title()
    letter = Letter(
        letterhead=_letterhead(author),
        place_and_date=f"{city}, le {french_date(day)}",
        title=title,
        patient=_patient(person),
        body=(f"Prélèvement du {french_date(day)}.", *body),
        signature=("Validé par", spoken(author.name)),
        footer=_FOOTER,
    )
    return render_letter(letter)


def _photograph(script: PhotoScript) -> bytes:
    return render_photograph(
        Photograph(script.title, script.lines, script.handwritten, script.stamp)
    )


def citizen_file(script: DocumentScript, person: DemoPerson, day: date, fill: Fill) -> EncodedBody:
    """What a citizen deposits: a photograph, or a page of their own."""
    if script.photo is not None:
        return EncodedBody("image/jpeg", _photograph(script.photo))
    letter = Letter(
        letterhead=Letterhead(spoken(person.name), _address(person.place)),
        place_and_date=f"{person.place.city.title()}, le {french_date(day)}",
        title=script.title,
        patient=_patient(person)[1:],
        body=tuple(_part(part, fill) for part in script.text),
        signature=() if script.signature is None else (script.signature,),
        footer=_FOOTER,
    )
    return EncodedBody("application/pdf", render_letter(letter))
