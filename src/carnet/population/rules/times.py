"""Rules of time: birth, death, the day of the demo, the order of things."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from carnet.population.model import Directory, Does, Life
from carnet.population.rules.contradiction import Contradiction

_AFTER_DEATH = timedelta(days=15)  # letters about the last stay, certificates
_OF_DEATH = frozenset(
    {"hospital-summary", "discharge", "certificate", "reimbursements", "pathology"}
)
_SUNDAY = 6
_LABORATORY = "hospital-laboratory"
_ONE_VISIT = timedelta(hours=8)  # at the emergency department, from the door to the letter
_BEFORE_EPISODE = timedelta(days=31)
_AFTER_EPISODE = timedelta(days=400)


def before_birth(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Nothing happens to somebody who is not born; a family's history did."""
    born = life.person.born
    dated = [
        *(
            (f"document {one.key}", one.at.date() - timedelta(days=one.stay))
            for one in life.documents
        ),
        *((f"problem {one.key}", one.onset) for one in life.problems if one.family_of is None),
        *((f"treatment {one.key}", one.start) for one in life.treatments),
        *((f"allergy {one.key}", one.since) for one in life.allergies),
        *((f"episode {one.key}", one.start) for one in life.episodes if one.kind != "pregnancy"),
        *((f"tie {one.actor}", one.since.date()) for one in life.ties),
        *((f"act of {one.who}", one.at.date()) for one in life.acts),
    ]
    for where, day in dated:
        if day < born:
            yield Contradiction("before-birth", life.person.key, where, f"{day}, born {born}")


def after_death(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Nothing happens after death but what is written about it in the days that follow."""
    died = life.person.died
    if died is None:
        return
    for one in life.documents:
        day = one.at.date()
        grace = _AFTER_DEATH if one.kind in _OF_DEATH else timedelta(0)
        if day > died + grace:
            where = f"document {one.key}"
            yield Contradiction("after-death", life.person.key, where, f"{day}, died {died}")
    for act in life.acts:
        if act.at.date() > died and act.who == life.person.key:
            where = f"{act.does} on {act.at:%Y-%m-%d}"
            yield Contradiction("after-death", life.person.key, where, f"died {died}")
    for taken in life.treatments:
        if (taken.end or died) > died or (taken.end is None and taken.start > died):
            where = f"treatment {taken.key}"
            yield Contradiction("after-death", life.person.key, where, f"died {died}")


def not_yet(life: Life, _directory: Directory, today: date) -> Iterator[Contradiction]:
    """Everything lies before the day of the demo."""
    dated = [
        *((f"document {one.key}", one.at.date()) for one in life.documents),
        *((f"act of {one.who}", one.at.date()) for one in life.acts),
        *((f"problem {one.key}", one.onset) for one in life.problems),
        *((f"treatment {one.key}", one.start) for one in life.treatments),
    ]
    for where, day in dated:
        if day >= today:
            yield Contradiction("not-yet", life.person.key, where, f"{day}, told up to {today}")


def ends_before_it_begins(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """An end comes after its beginning."""
    spans = [
        *((f"problem {one.key}", one.onset, one.end) for one in life.problems),
        *((f"treatment {one.key}", one.start, one.end) for one in life.treatments),
        *((f"episode {one.key}", one.start, one.end) for one in life.episodes),
        *(
            (f"tie {one.actor}", one.since.date(), one.until.date() if one.until else None)
            for one in life.ties
        ),
    ]
    for where, start, end in spans:
        if end is not None and end < start:
            why = f"from {start} to {end}"
            yield Contradiction("ends-before-it-begins", life.person.key, where, why)


def outside_episode(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """A document of an episode lies in it, or not long before or after."""
    episodes = {one.key: one for one in life.episodes}
    for one in life.documents:
        episode = episodes.get(one.episode or "")
        if episode is None:
            continue
        day = one.at.date()
        last = None if episode.end is None else episode.end + _AFTER_EPISODE
        if day < episode.start - _BEFORE_EPISODE or (last is not None and day > last):
            why = f"{day}, the episode {episode.key} runs from {episode.start} to {episode.end}"
            yield Contradiction("outside-episode", life.person.key, f"document {one.key}", why)


def replaced_later(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """What is replaced or sent again came before, once."""
    seen: dict[str, str] = {}
    for one in life.documents:
        for key in (one.replaces, one.copy_of):
            earlier = None if key is None else life.document(key)
            if key is not None and (earlier is None or earlier.at > one.at):
                where = f"document {one.key}"
                yield Contradiction(
                    "replaced-later", life.person.key, where, f"{key} is not before"
                )
        if one.replaces is not None and seen.setdefault(one.replaces, one.key) != one.key:
            where = f"document {one.key}"
            why = f"{one.replaces} is replaced already"
            yield Contradiction("replaced-later", life.person.key, where, why)


def read_before_fed(life: Life, _directory: Directory, _today: date) -> Iterator[Contradiction]:
    """Nobody opens a document before it is there."""
    for act in life.acts:
        document = None if act.document is None else life.document(act.document)
        if act.does is Does.READ and document is not None and act.at <= document.at:
            where = f"{act.who} reads {document.key}"
            why = f"on {act.at:%Y-%m-%d %H:%M}, it is of {document.at:%Y-%m-%d %H:%M}"
            yield Contradiction("read-before-fed", life.person.key, where, why)


def opened_on_sunday(life: Life, directory: Directory, _today: date) -> Iterator[Contradiction]:
    """A doctor in a practice opens nobody's record on a Sunday."""
    for act in life.acts:
        who = directory.professional(act.who)
        if who is not None and who.keeps_office_hours and act.at.weekday() == _SUNDAY:
            where = f"{act.does} on {act.at:%Y-%m-%d %H:%M}"
            yield Contradiction("opened-on-sunday", life.person.key, where, f"by {act.who}")


def emergency_before_results(
    life: Life, _directory: Directory, _today: date
) -> Iterator[Contradiction]:
    """The letter of an emergency visit is written after the blood that its author had drawn."""
    letters = [one for one in life.documents if one.kind == "emergency"]
    for drawn in life.documents:
        if drawn.kind != _LABORATORY or drawn.ordered_by is None:
            continue
        for one in letters:
            is_early = timedelta(0) < drawn.at - one.at < _ONE_VISIT
            if one.author == drawn.ordered_by and is_early:
                why = f"of {one.at:%Y-%m-%d %H:%M}, {drawn.key} is of {drawn.at:%H:%M}"
                where = f"document {one.key}"
                yield Contradiction("emergency-before-results", life.person.key, where, why)
