"""The truth of a life, as a file to measure against: what is so, and which document says it.

Everything comes from the life's values, never from the bytes that were written from them, so that
what reads those bytes can be judged by it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from carnet.population.callers import ins_at
from carnet.population.codes import Drug, entry
from carnet.population.model import (
    Act,
    Allergy,
    Dispensation,
    Document,
    Episode,
    Life,
    Prescription,
    Problem,
    Tie,
    Treatment,
)
from carnet.population.saying import Sayings, sayings_of
from carnet.population.stating import (
    germs,
    lines_dispensed,
    lines_prescribed,
    results,
    vaccinations,
)
from carnet.population.truth_model import (
    TrueAllergy,
    TrueCode,
    TrueDocument,
    TrueEpisode,
    TrueOpening,
    TruePerson,
    TrueProblem,
    TrueTie,
    TrueTreatment,
    Truth,
)
from carnet.population.written import Written
from carnet.record.document import Code

__all__ = ["Truth", "truth_of"]


def truth_of(life: Life, written: Iterable[Written]) -> Truth:
    """The truth of a life whose documents were written."""
    by_key = {one.key: one for one in written}
    said = sayings_of(life)
    kinds = {one.key: type(one.content) for one in life.documents}
    return Truth(
        person=_person(life),
        problems=tuple(_problem(one, said) for one in life.problems),
        allergies=tuple(_allergy(one, said) for one in life.allergies),
        treatments=tuple(_treatment(one, said, kinds) for one in life.treatments),
        prescribed=tuple(lines_prescribed(life)),
        dispensed=tuple(lines_dispensed(life)),
        vaccinations=tuple(vaccinations(life)),
        results=tuple(results(life)),
        germs=tuple(germs(life)),
        episodes=tuple(_episode(life, one) for one in life.episodes),
        documents=tuple(_document(one, by_key[one.key]) for one in life.documents),
        duplicates=tuple((one.copy_of, one.key) for one in life.documents if one.copy_of),
        openings=tuple(_opening(one) for one in life.acts),
        ties=tuple(_tie(one) for one in life.ties),
    )


def _code(code: Code | None) -> TrueCode | None:
    return None if code is None else TrueCode(code.system, code.code)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _person(life: Life) -> TruePerson:
    person = life.person
    ins = ins_at(person)
    traits = person.traits
    return TruePerson(
        key=person.key,
        ins=ins.matricule,
        oid=ins.oid,
        former=() if ins == person.ins else (person.ins.matricule,),
        family=traits.birth_family,
        given=traits.first_given,
        used_family=traits.used_family,
        sex=traits.sex.value,
        born=traits.birth_date,
        birth_place=traits.birth_place,
        died=_iso(person.died),
        record=person.record.value,
        doctor=person.doctor,
        guardians=person.guardians,
    )


def _problem(one: Problem, said: Sayings) -> TrueProblem:
    return TrueProblem(
        key=one.key,
        label=one.label,
        code=_code(one.code),
        onset=one.onset.isoformat(),
        end=_iso(one.end),
        family_of=one.family_of,
        documents=said.problems.get(one.key, ()),
    )


def _allergy(one: Allergy, said: Sayings) -> TrueAllergy:
    return TrueAllergy(
        key=one.key,
        label=one.label,
        since=one.since.isoformat(),
        reaction=one.reaction,
        intolerance=one.intolerance,
        documents=said.allergies.get(one.key, ()),
    )


def _treatment(one: Treatment, said: Sayings, kinds: dict[str, type]) -> TrueTreatment:
    drug = entry(Drug, one.drug)
    documents = said.treatments.get(one.key, ())
    return TrueTreatment(
        key=one.key,
        drug=one.drug,
        name=drug.name,
        atc=drug.atc,
        dose=one.dose,
        start=one.start.isoformat(),
        end=_iso(one.end),
        problem=one.problem,
        prescribed=tuple(key for key in documents if kinds[key] is Prescription),
        dispensed=tuple(key for key in documents if kinds[key] is Dispensation),
        documents=documents,
    )


def _tie(tie: Tie) -> TrueTie:
    return TrueTie(
        kind=tie.kind.value,
        actor=tie.actor,
        since=tie.since.isoformat(),
        until=None if tie.until is None else tie.until.isoformat(),
        ended=None if tie.ended is None else tie.ended.isoformat(),
    )


def _episode(life: Life, one: Episode) -> TrueEpisode:
    return TrueEpisode(
        key=one.key,
        title=one.title,
        kind=one.kind,
        start=one.start.isoformat(),
        end=_iso(one.end),
        documents=tuple(d.key for d in life.documents if d.episode == one.key),
    )


def _document(one: Document, written: Written) -> TrueDocument:
    return TrueDocument(
        key=one.key,
        unique_id=written.unique_id,
        kind=one.kind,
        type=TrueCode(written.type.system, written.type.code),
        title=written.title,
        level=written.level,
        author=one.author,
        sender=written.sender,
        act=one.at.isoformat(),
        created=written.created.isoformat(),
        deposited=written.deposited.isoformat(),
        episode=one.episode,
        replaces=one.replaces,
        copy_of=one.copy_of,
        visibility=one.visibility,
        hidden=None if one.hidden is None else one.hidden.isoformat(),
        announced=None if one.announced is None else one.announced.isoformat(),
        size=len(written.xml),
    )


def _opening(act: Act) -> TrueOpening:
    return TrueOpening(
        who=act.who,
        does=act.does.value,
        at=act.at.isoformat(),
        document=act.document,
        purpose=act.purpose.value,
        refused=act.refused,
    )
