"""Composes letters out of fragments: in somebody's voice, no two of one record alike.

Of the fragments that fit, those least used in the record come first; a letter that is still too
like an earlier one is composed again. What a letter says of problems, treatments and allergies is
read off its text before abbreviations and slips.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

import msgspec

from carnet.population.codes import Drug, entry
from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Planned, Running
from carnet.population.france.forms import VoiceForm
from carnet.population.france.layouts import LAYOUTS, Said, greeting_of, with_slip
from carnet.population.france.likeness import Memory, runs_of
from carnet.population.france.reading import roles, voices
from carnet.population.france.territories import role_of
from carnet.population.france.words import Words
from carnet.population.model import Letter, Statement

_ALIKE = 0.38  # share of common runs of words from which letters count as alike
_TRIES = 14
_PLAIN_TRIES = 4  # after which sections are left to what anybody says, with remarks beside them
_LEFT = 0.55
_MOST_ASIDES = 4

Topic = tuple[Running | None, dict[str, tuple[str, ...]]]


class Composed(msgspec.Struct, frozen=True):
    """A letter, the style of its paper (empty: the house's), and what it says."""

    letter: Letter
    style: str
    states: Statement


@lru_cache(4096)
def voice_of(author: str) -> VoiceForm:
    """How a professional writes, always; citizens have a voice of their own."""
    if role_of(author) not in roles().role:
        return _OWN
    speaks = roles().role[role_of(author)].speaks
    fitting = [one for one in voices().voice.values() if speaks in one.speaks]
    return Chance(f"voice/{author}").pick(fitting)


_OWN = VoiceForm(speaks=("self",), layout="prose", order=("reason", "story", "signs", "plan"))


def _family_of(author: str) -> str:
    role = roles().role.get(role_of(author))
    return "self" if role is None else role.speaks


def _speciality(author: str) -> str:
    """What a specialist says they practise, as inside a sentence."""
    role = roles().role.get(role_of(author))
    title = "médecine" if role is None else role.title.partition(",")[0]
    return title if title[1:2].isupper() else title[0].lower() + title[1:]


class Composer:
    """Composes the letters of one record."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self._used: dict[str, int] = {}
        self._letters = Memory()
        self.speciality = "médecine"

    def compose(self, planned: Planned, topics: list[Topic]) -> Composed:
        """A letter of a professional about some topics."""
        voice = voice_of(planned.author)
        self.speciality = _speciality(planned.author)
        chance = self.chart.chance.of("letter", planned.key)
        best: tuple[float, Said, Letter] | None = None
        for attempt in range(_TRIES):
            loose = attempt >= _PLAIN_TRIES
            said = self._said(voice, planned, topics, chance.of(attempt), loose=loose)
            if loose:
                said = self._with_asides(said, planned, attempt, chance.of("aside", attempt))
            letter = self._laid_out(voice, planned, said, chance.of("look", attempt))
            alike = self._letters.likeness(runs_of(_text_of(letter)))
            if best is None or alike < best[0]:
                best = (alike, said, letter)
            if alike < _ALIKE:
                break
        _, said, letter = best or (0.0, [], Letter(text=()))
        self._letters.add(runs_of(_text_of(letter)))
        plain = " ".join(" ".join(sentences) for _, sentences in said)
        return Composed(letter, voice.style, self.states(plain, planned.at.date()))

    def sentences(
        self,
        fragments: tuple[str, ...],
        count: int,
        day: date,
        running: Running | None,
        chance: Chance,
        *,
        substances: bool = False,
    ) -> list[str]:
        """Up to ``count`` filled fragments, those least used first."""
        words = Words(
            self.chart, day, running, chance, substances=substances, speciality=self.speciality
        )
        order = sorted(chance.shuffled(fragments), key=lambda one: self._used.get(one, 0))
        made: list[str] = []
        for fragment in order:
            if len(made) == count:
                break
            text = words.fill(fragment)
            if text is not None:
                self._used[fragment] = self._used.get(fragment, 0) + 1
                made.append(text)
        return made

    def states(self, text: str, day: date) -> Statement:
        """What a text says of the life, by the names in it."""
        folded = text.casefold()
        chart = self.chart
        return Statement(
            problems=tuple(
                one.key
                for one in chart.problems
                if one.onset <= day and one.label.casefold() in folded
            ),
            allergies=tuple(
                one.key
                for one in chart.allergies
                if one.since <= day and one.label.casefold() in folded
            ),
            treatments=tuple(
                one.key
                for one in chart.treatments
                if one.is_taken(day) and any(name in folded for name in _names_of(one.drug))
            ),
        )

    def _said(
        self,
        voice: VoiceForm,
        planned: Planned,
        topics: list[Topic],
        chance: Chance,
        *,
        loose: bool,
    ) -> Said:
        """Sentences by section, in the order of the voice.

        ``loose``: for want of other words, some sections keep to what anybody may say.
        """
        made = []
        day = planned.at.date()
        common = voices().common
        speaks = _family_of(planned.author)
        family = common.get(speaks, {})
        for section in voice.order:
            count = voice.take.get(section, 1)
            sentences: list[str] = []
            is_left = loose and chance.of("left", section).happens(_LEFT)
            for rank, (running, prose) in enumerate(() if is_left else topics):
                wanted = count if len(topics) == 1 else 1
                sentences += self.sentences(
                    prose.get(section, ()),
                    wanted,
                    day,
                    running,
                    chance.of(section, rank),
                    substances=voice.substances,
                )
            if speaks != "self" and len(sentences) < count:
                fragments = family.get(section, ()) + common["any"].get(section, ())
                sentences += self.sentences(
                    fragments,
                    max(1, count - len(sentences)),
                    day,
                    topics[0][0] if topics else None,
                    chance.of(section, "common"),
                    substances=voice.substances,
                )
            if sentences:
                made.append((section, sentences))
        return made

    def _with_asides(self, said: Said, planned: Planned, attempt: int, chance: Chance) -> Said:
        """The same with remarks beside the matter, more of them with each attempt."""
        if not said or _family_of(planned.author) == "self":
            return said
        fragments = voices().common["any"]["aside"]
        count = min(_MOST_ASIDES, attempt - _PLAIN_TRIES + 1)
        day = planned.at.date()
        remarks = self.sentences(fragments, count, day, None, chance)
        section, sentences = said[0]
        return [(section, [*sentences, *remarks]), *said[1:]]

    def _laid_out(
        self,
        voice: VoiceForm,
        planned: Planned,
        said: Said,
        chance: Chance,
    ) -> Letter:
        rewritten = [
            (section, [self._rewritten(voice, one) for one in sentences])
            for section, sentences in said
        ]
        if chance.happens(voice.slips):
            rewritten = with_slip(rewritten, chance)
        words = Words(self.chart, planned.at.date(), None, chance)
        greeting = greeting_of(voice, planned, chance)
        close = words.fill(chance.pick(voice.close)) if voice.close and planned.to else None
        lead = [words.fill(chance.pick(voice.lead))] if voice.lead and planned.to else []
        parts = tuple(LAYOUTS[voice.layout](voice, rewritten))
        return Letter(
            text=(*(one for one in lead if one), *parts), greeting=greeting, closing=close
        )

    def _rewritten(self, voice: VoiceForm, text: str) -> str:
        if voice.short:
            for long, short in voices().short.items():
                text = re.sub(rf"\b{re.escape(long)}\b", short, text)
        return text


def _text_of(letter: Letter) -> str:
    """The words of a letter, those of its tables too."""
    return " ".join(
        one if isinstance(one, str) else " ".join(cell for row in one.rows for cell in row)
        for one in letter.text
    )


def _names_of(drug: str) -> tuple[str, str]:
    known = entry(Drug, drug)
    return known.name.split()[0].casefold(), known.substance.casefold()
