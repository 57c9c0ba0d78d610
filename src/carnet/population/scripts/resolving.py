"""Turns a script into a life as of a day: series unfolded, dates counted, words filled in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import TypeVar

import msgspec

from carnet.population import codes_model as nomenclature
from carnet.population.codes import Drug, entry
from carnet.population.model import (
    Act,
    Allergy,
    Document,
    Episode,
    Life,
    Person,
    Problem,
    Tie,
    Treatment,
)
from carnet.population.scripts.cast import cast
from carnet.population.scripts.contents import content_of
from carnet.population.scripts.faults import fault, line_of
from carnet.population.scripts.forms import (
    ActForm,
    AllergyForm,
    DocumentForm,
    EpisodeForm,
    LifeForm,
    ProblemForm,
    TieForm,
    TreatmentForm,
)
from carnet.population.scripts.moments import (
    PARIS,
    Anchors,
    ImpossibleDateError,
    repeated,
    working_day,
)
from carnet.population.scripts.reading import life_form, life_keys, life_texts
from carnet.population.scripts.unfolding import Unfolded, UnknownKeyError, unfold
from carnet.population.scripts.words import fill_document
from carnet.population.systems import cim10_of
from carnet.record.catalogue import sentence
from carnet.record.errors import CarnetError

_Form = TypeVar("_Form")
_Made = TypeVar("_Made")
_EVENING = time(18, 30)


def scripted_life(key: str, today: date) -> Life:
    """The life of that key as of ``today``.

    Raises ``life-invalid`` (file, line, reason), ``person-unknown``.
    """
    text = life_texts().get(key)
    if text is None:
        raise CarnetError("person-unknown", name=key)
    return _Resolver(key, life_form(key), text, today).life()


def scripted_lives(today: date) -> Iterator[Life]:
    """Every scripted life, in the order of the files."""
    for key in life_keys():
        yield scripted_life(key, today)


def life_of_text(key: str, form: LifeForm, text: str, person: Person, today: date) -> Life:
    """A life of a text that is not among the package's: for whoever writes one."""
    return _Resolver(key, form, text, today, person).life()


class _Resolver:
    def __init__(
        self, key: str, form: LifeForm, text: str, today: date, person: Person | None = None
    ) -> None:
        self.key = key
        self.file = f"{key}.toml"
        self.form = form
        self.text = text
        self.today = today
        self.cast = cast(today)
        self.person = person or self.cast.people[key]
        self.anchors = Anchors(today, birth=self.person.born)

    def life(self) -> Life:
        """All of it, in the order of the days."""
        form = self.form
        known = Life(
            person=self.person,
            problems=self._each("problem", form.problem, self._problem),
            allergies=self._each("allergy", form.allergy, self._allergy),
            treatments=self._each("treatment", form.treatment, self._treatment),
            episodes=self._each("episode", form.episode, self._episode),
            ties=self._each("tie", form.tie, self._tie),
        )
        self.episodes = {one.key: one.start for one in known.episodes}
        self._demand_unique()
        documents = self._documents(known)
        known = msgspec.structs.replace(known, documents=documents)
        acts = tuple(act for acts in self._each("act", form.act, self._acts) for act in acts)
        self._demand_documents(known)
        return msgspec.structs.replace(known, acts=tuple(sorted(acts, key=lambda a: a.at)))

    def _each(
        self, table: str, forms: tuple[_Form, ...], make: Callable[[_Form], _Made]
    ) -> tuple[_Made, ...]:
        made = []
        for number, form in enumerate(forms):
            with self._placed(table, number, form):
                made.append(make(form))
        return tuple(made)

    @contextmanager
    def _placed(self, table: str, number: int, form: object) -> Iterator[None]:
        """Whatever is wrong inside is a fault of that table of the file."""
        try:
            yield
        except (ImpossibleDateError, LookupError, CarnetError) as error:
            words = _words_of(error)
            raise fault(self.file, self._line(table, number, form, words), words) from error

    def _line(self, table: str, number: int, form: object, words: str) -> int:
        """The line of the field whose value the reason quotes, else of the table."""
        for name in getattr(form, "__struct_encode_fields__", ()):
            attribute = {"is": "is_", "for": "problem"}.get(name, name)
            value = getattr(form, attribute, None)
            if isinstance(value, str) and value and value in words:
                return line_of(self.text, table, number, name)
        return line_of(self.text, table, number)

    def _demand_unique(self) -> None:
        for table in ("problem", "allergy", "treatment", "episode", "document"):
            seen: set[str] = set()
            for number, one in enumerate(getattr(self.form, table)):
                if one.key in seen:
                    line = line_of(self.text, table, number, "key")
                    raise fault(self.file, line, f"the key “{one.key}” stands twice")
                seen.add(one.key)

    def _problem(self, form: ProblemForm) -> Problem:
        known = entry(nomenclature.Problem, form.is_) if form.is_ is not None else None
        label = form.label or (known.label if known else "")
        if not label:
            raise UnknownKeyError(f"the problem “{form.key}” needs `is` or `label`")
        return Problem(
            key=form.key,
            label=label,
            code=cim10_of(known) if known else None,
            onset=self.anchors.day(form.onset),
            end=None if form.end is None else self.anchors.day(form.end),
            family_of=form.family_of,
        )

    def _allergy(self, form: AllergyForm) -> Allergy:
        known = entry(nomenclature.Allergy, form.to) if form.to is not None else None
        label = form.label or (known.label if known else "")
        if not label:
            raise UnknownKeyError(f"the allergy “{form.key}” needs `to` or `label`")
        return Allergy(
            key=form.key,
            label=label,
            since=self.anchors.day(form.since),
            reaction=form.reaction,
            avoid=frozenset(known.classes) if known else frozenset(),
            intolerance=form.intolerance,
        )

    def _treatment(self, form: TreatmentForm) -> Treatment:
        entry(Drug, form.drug)
        if form.problem is not None and form.problem not in {p.key for p in self.form.problem}:
            raise UnknownKeyError(f"“{form.problem}” is no problem of this life")
        return Treatment(
            key=form.key,
            drug=form.drug,
            dose=form.dose,
            start=self.anchors.day(form.start),
            end=None if form.end is None else self.anchors.day(form.end),
            problem=form.problem,
            chronic=form.chronic,
        )

    def _episode(self, form: EpisodeForm) -> Episode:
        return Episode(
            key=form.key,
            title=form.title,
            kind=form.kind,
            start=self.anchors.day(form.start),
            end=None if form.end is None else self.anchors.day(form.end),
        )

    def _tie(self, form: TieForm) -> Tie:
        self._demand_actor(form.actor)
        return Tie(
            kind=form.kind,
            actor=form.actor,
            since=self.anchors.moment(form.since),
            until=None if form.until is None else self.anchors.moment(form.until),
            ended=None if form.ended is None else self.anchors.moment(form.ended),
            scope=form.scope,
            by=form.by,
        )

    def _demand_actor(self, key: str) -> None:
        """Raises ``UnknownKeyError`` where a key names nobody."""
        if key in ("self", self.key, "insurance"):
            return
        if not (self.cast.professional(key) or self.cast.structure(key) or self.cast.person(key)):
            raise UnknownKeyError(f"“{key}” is neither professional, structure nor person")

    def _acts(self, form: ActForm) -> list[Act]:
        self._demand_actor(form.who)
        made = []
        for meant in repeated(self.anchors, form.at, form.every, form.times, _EVENING):
            at = self._when_open(form.who, meant)
            if at.date() > self.today:
                break
            made.append(
                Act(
                    who=self.key if form.who == "self" else form.who,
                    does=form.does,
                    at=at,
                    document=form.document,
                    purpose=form.purpose,
                    reason=form.reason,
                    refused=form.refused,
                )
            )
        return made

    def _when_open(self, who: str, at: datetime) -> datetime:
        """That moment, on the Monday after where the doctor's practice is shut that day."""
        reader = self.cast.professional(who)
        if reader is None or not reader.keeps_office_hours:
            return at
        return datetime.combine(working_day(at.date()), at.time(), tzinfo=PARIS)

    def _documents(self, life: Life) -> tuple[Document, ...]:
        unfolded = self._each("document", self.form.document, self._unfolded)
        numbered = [(number, one) for number, some in enumerate(unfolded) for one in some]
        numbered.sort(key=lambda pair: pair[1].document.at)
        made: list[Document] = []
        for number, one in numbered:
            so_far = msgspec.structs.replace(life, documents=tuple(made))
            with self._placed("document", number, one.form):
                content = content_of(one, so_far)
                whole = msgspec.structs.replace(one.document, content=content)
                made.append(fill_document(whole, so_far, self._anchors_of(one.form)))
        return tuple(made)

    def _anchors_of(self, form: DocumentForm) -> Anchors:
        if form.episode is None:
            return self.anchors
        start = self.episodes.get(form.episode)
        if start is None:
            raise UnknownKeyError(f"“{form.episode}” is no episode of this life")
        return self.anchors.within(start)

    def _unfolded(self, form: DocumentForm) -> list[Unfolded]:
        for key in (form.by, form.to, form.ordered_by, form.sender):
            if key is not None:
                self._demand_actor(key)
        return unfold(form, self.key, self._anchors_of(form), self.today)

    def _demand_documents(self, life: Life) -> None:
        keys = {one.key for one in life.documents}
        for number, form in enumerate(self.form.act):
            if form.document is not None and form.document not in keys:
                line = line_of(self.text, "act", number, "document")
                raise fault(self.file, line, f"“{form.document}” is no document here")
        for number, one in enumerate(self.form.document):
            for field in ("replaces", "copy_of"):
                key = getattr(one, field)
                if key is not None and key not in keys:
                    line = line_of(self.text, "document", number, field)
                    raise fault(self.file, line, f"“{key}” is no document here")


def _words_of(error: Exception) -> str:
    return sentence(error, "en") if isinstance(error, CarnetError) else str(error.args[0])
