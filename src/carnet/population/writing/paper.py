"""What a document looks like on paper: the frame of a page, and letters in it."""

from __future__ import annotations

import msgspec

from carnet.formats.cda.build import EncodedBody
from carnet.formats.pdf import (
    Letter,
    Letterhead,
    Style,
    Table,
    look_of,
    render_letter,
    render_scan,
    scan_of,
)
from carnet.population import model
from carnet.population.callers import ins_at
from carnet.population.writing import addressing, house_style
from carnet.population.writing.context import Context
from carnet.population.writing.digest import number_from, pick
from carnet.population.writing.french import (
    address_of,
    french_age,
    french_date,
    phone_of,
    short_date,
    spoken,
)
from carnet.population.writing.house_style import FOOTER
from carnet.record.identity import OID_INS_NIA, Sex

_FAXED = 3  # one scan in so many came by fax
_SCHOOL_YEAR = 8  # month from which a school year is that of the next


def patient_lines(context: Context) -> tuple[str, ...]:
    """Who the patient is, as the top of a letter says it; a child's age matters to every dose."""
    person = context.person
    female = person.traits.sex is Sex.FEMALE
    born = f"{'Née' if female else 'Né'} le {french_date(person.born)}"
    born = f"{born} à {person.birth_city.title()}"
    if person.died is not None and context.day > person.died:
        born = f"{born}, {'décédée' if female else 'décédé'} le {french_date(person.died)}"
    else:
        born = f"{born} ({french_age(person.born, context.day)})"
    ins = ins_at(person, context.document.at)
    kind = "NIA" if ins.oid == OID_INS_NIA else "test"
    return spoken(person.name), born, f"INS {ins.matricule[:13]} {ins.matricule[13:]} ({kind})"


def page(
    context: Context,
    body: tuple[str | Table, ...],
    *,
    style: Style | None = None,
    fields: tuple[tuple[str, str], ...] = (),
    greeting: str | None = None,
    closing: str | None = None,
    signature: tuple[str, ...] = (),
) -> Letter:
    """A document on the paper of its author, addressed and signed as they do it."""
    author = context.writer
    style = style or house_style.style_of(context.document, author)
    signed = house_style.signing(context, style)
    return Letter(
        letterhead=house_style.letterhead(context, style),
        place_and_date=_place_and_date(context, style),
        title=context.document.title,
        patient=patient_lines(context),
        body=body,
        recipient=addressing.recipient(context),
        greeting=greeting,
        closing=closing,
        signature=signature or signed.lines,
        footer=house_style.footer(context, style),
        reference=house_style.references(context, style),
        fields=fields,
        scribble=signed.scribble,
        stamp=signed.stamp,
        style=style,
        look=look_of(author.structure.identifier.extension),
    )


def _place_and_date(context: Context, style: Style) -> str:
    """A ticket has its minute, a letter its town."""
    if style is Style.TICKET:
        return f"{context.document.at:%d/%m/%Y %H:%M}"
    day = context.written.date()
    if style in (Style.LABORATORY, Style.EMERGENCY):
        return f"{short_date(day)} à {context.written:%H:%M}"
    return f"{context.writer.structure.place.city.title()}, le {french_date(day)}"


def letter_page(context: Context, body: tuple[str | Table, ...], content: model.Letter) -> Letter:
    """A letter: greeted and closed by its text, or as its author does it."""
    style = house_style.style_of(context.document, context.writer)
    greeting, closing = content.greeting, content.closing
    is_letter = style in house_style.LETTERS
    if greeting is None and is_letter and not addressing.is_greeted(body):
        greeting = addressing.greeting(context)
    if closing is None and greeting is not None and not addressing.takes_leave(body):
        closing = addressing.closing(context, greeting)
    made = page(
        context,
        body,
        style=style,
        fields=_fields(context, style),
        greeting=greeting,
        closing=closing,
        signature=() if content.signature is None else (content.signature,),
    )
    if style is Style.CERTIFICATE and _names_patient(context, body):
        return msgspec.structs.replace(made, patient=())
    if style is Style.SCHOOL:
        year = context.day.year - (context.day.month < _SCHOOL_YEAR)
        return msgspec.structs.replace(made, reference=(f"Année scolaire {year}-{year + 1}",))
    return made


def _names_patient(context: Context, body: tuple[str | Table, ...]) -> bool:
    name = spoken(context.person.name)
    return any(name in part for part in body if isinstance(part, str))


def _fields(context: Context, style: Style) -> tuple[tuple[str, str], ...]:
    """What a form prints in boxes, as far as the life knows it."""
    if style is Style.EMERGENCY:
        seen = context.document.at
        return (("Date", short_date(seen.date())), ("Vu à", f"{seen:%H:%M}"))
    if style is Style.IMAGING:
        return (("Date de l'examen", short_date(context.day)),)
    if style is Style.SCHOOL:
        parents = (context.directory.person(key) for key in context.person.guardians)
        known = [one for one in parents if one is not None]
        names = [("Responsable légal", spoken(one.name)) for one in known]
        phones = [("Téléphone", phone_of(one.phone)) for one in known[:1] if one.phone]
        return tuple(names + phones)
    return ()


def _parts(content: model.Letter) -> tuple[str | Table, ...]:
    return tuple(
        Table(part.heads, part.rows) if isinstance(part, model.Table) else part
        for part in content.text
    )


def letter_body(context: Context, content: model.Letter) -> EncodedBody:
    """A letter as a file: of a professional on their paper, or of the citizen on theirs."""
    body = _parts(content)
    if context.author is None:
        made = _own_page(context, body, content)
    else:
        made = letter_page(context, body, content)
    return encoded(_scanned(context, made) if content.scan else render_letter(made))


def _scanned(context: Context, made: Letter) -> bytes:
    """Paper that a secretary scanned, or a fax; whoever received it wrote on it that they had."""
    to = context.directory.professional(context.document.to or "")
    author = context.author
    seed = context.paper
    is_fax = author is not None and number_from(f"fax/{seed}") % _FAXED == 0
    fax = ""
    if is_fax and author is not None:
        sent = context.written
        phone = phone_of(author.structure.phone)
        fax = f"{sent:%d/%m/%Y %H:%M}  {author.structure.name.upper()}  {phone}"
    notes: tuple[str, ...] = ()
    if to is not None:
        word = pick(f"note/{seed}", ("vu", "reçu", "lu"))
        notes = (f"{word} {context.written:%d/%m} {_initials(to)}",)
    return render_scan(made, scan_of(seed, fax, notes))


def _initials(one: model.Professional) -> str:
    return "".join(part[0] for part in (one.name.given, one.name.family) if part)


def _own_page(context: Context, body: tuple[str | Table, ...], content: model.Letter) -> Letter:
    """What a citizen typed: no letterhead but their address, signed by hand."""
    person = context.person
    name = f"{person.name.given} {person.name.family}"
    look = look_of(f"citizen/{person.key}")
    contact = (f"Tél. {phone_of(person.phone)}",) if person.phone else ()
    return Letter(
        letterhead=Letterhead(spoken(person.name), (*address_of(person.place), *contact)),
        place_and_date=f"{person.place.city.title()}, le {french_date(context.day)}",
        title=context.document.title,
        patient=patient_lines(context)[1:],
        body=body,
        recipient=addressing.recipient(context),
        greeting=content.greeting,
        closing=content.closing,
        signature=(content.signature or name,),
        footer=FOOTER,
        scribble=f"scribble/{person.key}",
        style=pick(f"citizen/{person.key}", (Style.CLASSIC, Style.CLASSIC, Style.TYPEWRITER)),
        look=msgspec.structs.replace(look, logo="", accent="#222222"),
    )


def encoded(pdf: bytes) -> EncodedBody:
    """A PDF as a body of level 1."""
    return EncodedBody("application/pdf", pdf)
