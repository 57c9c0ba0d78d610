"""The level 3 bodies of a vaccination note (CI-SIS VAC-NOTE) and of a vaccination history (VAC)."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from carnet.formats.cda.build.kind import BodyKind, Ids
from carnet.formats.cda.build.medication import product
from carnet.formats.cda.build.medication_model import Product
from carnet.formats.cda.build.narrative import Words, table, text
from carnet.formats.cda.build.oids import ACT_CODE, CCD, ENTRY, MODEL, PCC, SECTION
from carnet.formats.cda.build.people import person_name
from carnet.formats.cda.build.people_model import Actor
from carnet.formats.cda.build.sections import section, structured
from carnet.formats.cda.build.statements import (
    act,
    coded_as,
    null,
    related,
    status,
    templates,
    text_reference,
    value_of,
    when,
)
from carnet.formats.cda.build.vaccination_model import (
    Vaccination,
    VaccinationHistoryBody,
    VaccinationKind,
    VaccinationNoteBody,
)
from carnet.formats.cda.build.values import Coded
from carnet.formats.cda.build.wording import french_day, french_name
from carnet.formats.cda.build.xml import LOINC, append, coded, element, identified, moment
from carnet.record.document import Code
from carnet.record.identity import Identifier

HISTORY = Code(LOINC, "11369-6", "Historique des vaccinations")
KIND_LABELS = {
    VaccinationKind.FIRST_SERIES: "1ère série vaccinante",
    VaccinationKind.BOOSTER: "Rappel de vaccin",
    VaccinationKind.UNSPECIFIED: "Vaccination sans autre précision",
}
_RANK = Code(LOINC, "30973-2", "Rang de la vaccination")
_COMMENT = Code(LOINC, "48767-8", "Commentaire")
_HEADS = (
    "Date",
    "Vaccin",
    "Lot n°",
    "Rang",
    "Type",
    "Voie d'administration",
    "Vaccinateur",
    "Commentaire",
)
SECTION_TEMPLATES = ((f"{CCD}.1.6", None), (f"{PCC}.3.23", None), (f"{SECTION}.147", None))
ENTRY_TEMPLATES = (f"{CCD}.1.24", f"{PCC}.4.12", f"{ENTRY}.45")


def kind_code(kind: VaccinationKind) -> Code:
    """The code of a kind of vaccination."""
    return Code(ACT_CODE, kind.value, KIND_LABELS[kind])


def _vaccine(value: Product, ref: str) -> _Element:
    """The product; ATC code and lot are always there, as unknown ones where nobody knows."""
    made = product(value, ref)
    material = made[-1]
    if value.atc is None:
        material[0].append(null("translation", "UNK"))
    if value.lot is None:
        material.append(null("lotNumberText", "UNK"))
    return made


def _somebody(tag: str, actor: Actor) -> _Element:
    """Who gave or wrote: id, profession, name and structure; the header says how to reach them."""
    house = actor.structure
    made = element(tag, identified(actor.identifier), coded("code", actor.profession))
    append(made, element("assignedPerson", person_name(actor.name)))
    if house is None:
        return made
    name = element("name", house.name)
    return append(made, element("representedOrganization", identified(house.identifier), name))


def _performer(actor: Actor) -> _Element:
    return element("performer", _somebody("assignedEntity", actor), attrs={"typeCode": "PRF"})


def _author(actor: Actor, recorded: str) -> _Element:
    """The author of the entry, who stands beside the document's authors (OP)."""
    return element(
        "author",
        moment("time", recorded),
        _somebody("assignedAuthor", actor),
        attrs={"contextControlCode": "OP", "typeCode": "AUT"},
    )


def _rank(rank: int | None) -> _Element:
    value = value_of(rank) if rank is not None else element("value", attrs=_UNKNOWN_NUMBER)
    observed = element(
        "observation",
        *templates((f"{CCD}.1.46", f"{ENTRY}.82")),
        coded("code", _RANK),
        status(),
        value,
        attrs={"classCode": "OBS", "moodCode": "EVN"},
    )
    return related("SUBJ", observed)


_UNKNOWN_NUMBER: dict[str, str | None] = {"xsi:type": "INT", "nullFlavor": "UNK"}


def _comment(ref: str) -> _Element:
    roots = (f"{CCD}.1.40", f"{PCC}.4.2", f"{ENTRY}.32")
    return related("SUBJ", act(roots, coded("code", _COMMENT), ref))


def _entry(value: Vaccination, ref: str, ids: Ids) -> _Element:
    route = value.route
    made = element(
        "substanceAdministration",
        *templates(ENTRY_TEMPLATES),
        identified(Identifier(ids(ref))),
        coded("code", kind_code(value.kind)),
        text_reference(ref),
        status(),
        when(value.time, "UNK"),
        None if route is None else coded_as("routeCode", Coded(route), f"{ref}-route"),
        element("consumable", _vaccine(value.product, ref), attrs={"typeCode": "CSM"}),
        attrs={"classCode": "SBADM", "moodCode": "EVN", "negationInd": "false"},
    )
    append(made, None if value.performer is None else _performer(value.performer))
    append(made, _author(value.author, value.recorded), _rank(value.rank))
    if value.comment is not None:
        made.append(_comment(f"{ref}-comment"))
    return element("entry", made)


def _row(value: Vaccination, ref: str) -> tuple[str | Words, ...]:
    route, comment = value.route, value.comment
    return (
        french_day(value.time, "Non connue"),
        Words(value.product.name, ref),
        value.product.lot or "",
        "" if value.rank is None else str(value.rank),
        KIND_LABELS[value.kind],
        "" if route is None else Words(route.display or route.code, f"{ref}-route"),
        "" if value.performer is None else french_name(value.performer.name),
        "" if comment is None else Words(comment, f"{ref}-comment"),
    )


def _section(vaccinations: Sequence[Vaccination], title: str, ids: Ids) -> _Element:
    named = [(value, f"vac-{number}") for number, value in enumerate(vaccinations)]
    return section(
        HISTORY,
        title,
        SECTION_TEMPLATES,
        narrative=text(table(_HEADS, (_row(value, ref) for value, ref in named))),
        identifier=ids("vac"),
        entries=[_entry(value, ref, ids) for value, ref in named],
    )


def write_note(body: VaccinationNoteBody, ids: Ids) -> _Element:
    """The component with the structured body of a note."""
    return structured(_section((body.vaccination,), "Vaccination", ids))


def write_history(body: VaccinationHistoryBody, ids: Ids) -> _Element:
    """The component with the structured body of a history."""
    return structured(_section(body.vaccinations, "Historique des vaccinations", ids))


_IHE = (f"{PCC}.1.18.1.2", None)

VACCINATION_NOTE = BodyKind(
    body=VaccinationNoteBody,
    templates=(_IHE, (f"{MODEL}.46", "2023.01")),
    write=write_note,
    type=Code(LOINC, "87273-9", "Note de vaccination"),
)
VACCINATION_HISTORY = BodyKind(
    body=VaccinationHistoryBody,
    templates=(_IHE, (f"{MODEL}.37", "2023.01")),
    write=write_history,
    type=Code(LOINC, "11369-6", "Historique de vaccinations"),
    main_act=HISTORY,
)
