"""Those who appear in scripted lives: structures, professionals, citizens."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache

from carnet.population.model import Person, Place, Professional, Structure
from carnet.population.scripts.faults import fault, line_of
from carnet.population.scripts.forms import PersonForm, ProfessionalForm, StructureForm
from carnet.population.scripts.moments import Anchors, ImpossibleDateError
from carnet.population.scripts.reading import (
    life_keys,
    life_texts,
    person_form,
    professionals_forms,
)
from carnet.record.document import Code
from carnet.record.errors import CarnetError
from carnet.record.identity import (
    OID_INS_NIA,
    OID_INS_NIR_TEST,
    OID_PROFESSIONAL,
    OID_STRUCTURE,
    Identifier,
    Ins,
    Name,
    Sex,
    Traits,
    ins_key,
)
from carnet.record.lifecycle import RecordState
from carnet.record.vocabulary import value_set

J01 = "JDV_J01_XdsAuthorSpecialty_CISIS"
J02 = "JDV_J02_XdsHealthcareFacilityTypeCode_CISIS"
J04 = "JDV_J04_XdsPracticeSettingCode_CISIS"
J07 = "JDV_J07_XdsTypeCode_CISIS"

_CHILDHOOD = timedelta(days=3650)  # records of younger people were opened at birth


def concept(name: str, code: str) -> Code:
    """A code of a value set with its label. ``LookupError`` where the set lacks it."""
    found = value_set(name).find(code)
    if found is None:
        raise LookupError(f"{code} is not in {name}")
    return found


def matricule(sex: Sex, born: date, birth_place: str, order: int) -> str:
    """A matricule of the test range with its key: sex, year, month, commune, order in the month."""
    first = {Sex.MALE: "1", Sex.FEMALE: "2"}.get(sex, "1")
    number = f"{first}{born:%y%m}{birth_place}{order:03d}"
    return _with_key(number)


def _with_key(number: str) -> str:
    return f"{number}{ins_key(number):02d}"


def _demand_born(born: date, today: date) -> None:
    if born > today:
        raise ImpossibleDateError(f"born on {born}, after the day of the demo")


def _structure(form: StructureForm) -> Structure:
    return Structure(
        key=form.key,
        identifier=Identifier(OID_STRUCTURE, form.identifier),
        name=form.name,
        sector=concept(J02, form.sector),
        setting=concept(J04, form.setting),
        place=Place(*form.street),
        phone=form.phone,
    )


def _professional(form: ProfessionalForm, houses: dict[str, Structure]) -> Professional:
    is_doctor = form.profession.startswith("G15_10")
    return Professional(
        key=form.key,
        identifier=Identifier(OID_PROFESSIONAL, form.identifier),
        name=Name(form.family, form.given, form.civility, "DR" if is_doctor else None),
        profession=concept(J01, form.profession),
        structure=houses[form.structure],
        title=form.title,
        style=form.style,
    )


def _opened(form: PersonForm, born: date, today: date) -> str | None:
    """In words, when the record came to be; None where there is none."""
    if form.record is RecordState.NONE:
        return None
    return form.opened or ("birth+1d" if born > today - _CHILDHOOD else "-9y")


class _Reader:
    """Reads the dates of a script, remembering which field was read last."""

    def __init__(self, anchors: Anchors) -> None:
        self.anchors = anchors
        self.field = "born"

    def day(self, field: str, words: str | None) -> date | None:
        """The day of a field, if it is there."""
        self.field = field
        return None if words is None else self.anchors.day(words)

    def moment(self, field: str, words: str | None) -> datetime | None:
        """The moment of a field, if it is there."""
        self.field = field
        return None if words is None else self.anchors.moment(words)


def person_of(key: str, form: PersonForm, today: date) -> Person:
    """The citizen of a script as of ``today``. Raises ``life-invalid`` for what cannot be."""
    read = _Reader(Anchors(today))
    try:
        born = read.anchors.day(form.born)
        read.anchors = Anchors(today, birth=born)
        _demand_born(born, today)
        number = form.matricule or matricule(form.sex, born, form.birth_place, form.order)
        nir = Ins(number, OID_INS_NIR_TEST)
        opened = read.moment("opened", _opened(form, born, today))
        died = read.day("died", form.died)
        later = read.moment("nir_since", form.nir_since)
        read.field = "nia"
        nia = None if form.nia is None else Ins(_with_key(form.nia), OID_INS_NIA)
    except (ImpossibleDateError, CarnetError) as error:
        line = line_of(life_texts().get(key, ""), "person", 0, read.field)
        raise fault(f"{key}.toml", line, str(error)) from error
    is_later = nia is not None and later is not None
    return Person(
        key=key,
        ins=nia or nir,
        later_ins=nir if is_later else None,
        later_from=later if is_later else None,
        traits=Traits(
            birth_family=form.family,
            first_given=form.given,
            sex=form.sex,
            birth_date=born.isoformat(),
            birth_place=form.birth_place,
            given_names=form.given_names,
            used_family=form.used_family,
            used_given=form.used_given,
        ),
        birth_city=form.birth_city,
        place=Place(*form.street),
        born=born,
        record=form.record,
        opened=opened,
        opened_by=form.opened_by if form.opened_by is not None else (form.doctor or ""),
        died=died,
        phone=form.phone,
        doctor=form.doctor,
        guardians=form.guardians,
        break_glass_opposed=form.break_glass_opposed,
        headline=form.headline,
        what_to_try=form.what_to_try,
    )


class Cast:
    """The directory of the scripted lives as of a day."""

    def __init__(self, today: date) -> None:
        forms = professionals_forms()
        self.structures = {one.key: _structure(one) for file in forms for one in file.structure}
        self.professionals = {
            one.key: _professional(one, self.structures)
            for file in forms
            for one in file.professional
        }
        self.people = {key: person_of(key, person_form(key), today) for key in life_keys()}

    def professional(self, key: str) -> Professional | None:
        """The professional of that key."""
        return self.professionals.get(key)

    def structure(self, key: str) -> Structure | None:
        """The structure of that key."""
        return self.structures.get(key)

    def person(self, key: str) -> Person | None:
        """The citizen of that key."""
        return self.people.get(key)


@cache
def cast(today: date) -> Cast:
    """Who appears, as of a day. Raises ``life-invalid``."""
    return Cast(today)
