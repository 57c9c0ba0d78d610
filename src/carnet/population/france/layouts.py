"""How the sentences of a letter stand on the page, whom it greets, and where a finger slipped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Planned
from carnet.population.france.forms import VoiceForm
from carnet.population.france.territories import professional_of
from carnet.population.model import Table

Said = list[tuple[str, list[str]]]
"""Sentences by section."""

_LONG_WORD = re.compile(r"\b[a-zéèêàâîïôûç]{7,}\b")


def greeting_of(voice: VoiceForm, planned: Planned, chance: Chance) -> str | None:
    """As colleagues greet each other; nothing where nobody is written to."""
    to = None if planned.to is None else professional_of(planned.to)
    if to is None or not voice.greet:
        return None
    female = to.name.prefix == "MME"
    kind = chance.pick(voice.greet)
    if to.name.suffix != "DR":
        return "Madame," if female else "Monsieur,"
    return {
        "colleague": "Chère Consœur," if female else "Cher Confrère,",
        "friend": "Chère amie," if female else "Cher ami,",
        "doctor": "Docteur,",
        "dear-doctor": "Chère Docteure," if female else "Cher Docteur,",
        "both": "Chère Consœur, Cher Confrère,",
    }[kind]


def _prose(_voice: VoiceForm, said: Said) -> Iterator[str | Table]:
    """Paragraphs, two sections each."""
    for first in range(0, len(said), 2):
        yield " ".join(" ".join(sentences) for _, sentences in said[first : first + 2])


def _dictated(_voice: VoiceForm, said: Said) -> Iterator[str | Table]:
    """One paragraph without a pause."""
    yield " ".join(" ".join(sentences) for _, sentences in said)


def _headings(voice: VoiceForm, said: Said) -> Iterator[str | Table]:
    for section, sentences in said:
        yield f"# {voice.heads.get(section, _HEADS[section])}"
        yield " ".join(sentences)


def _items(voice: VoiceForm, said: Said) -> Iterator[str | Table]:
    for section, sentences in said:
        if section in voice.heads:
            yield f"# {voice.heads[section]}"
        yield from (f"- {one}" for one in sentences)


def _form(voice: VoiceForm, said: Said) -> Iterator[str | Table]:
    """A table of fields, as software prints it."""
    rows = tuple(
        (voice.heads.get(section, _HEADS[section]), " ".join(sentences))
        for section, sentences in said
    )
    yield Table(("Rubrique", "Saisie"), rows)


_HEADS = {
    "reason": "Motif",
    "story": "Histoire",
    "past": "Antécédents",
    "taken": "Traitement",
    "signs": "Constantes",
    "exam": "Examen",
    "results": "Résultats",
    "opinion": "Conclusion",
    "plan": "Conduite à tenir",
}
LAYOUTS = {
    "prose": _prose,
    "dictated": _dictated,
    "headings": _headings,
    "items": _items,
    "form": _form,
}


def with_slip(said: Said, chance: Chance) -> Said:
    """The same with one word mistyped: two letters swapped, or one lost."""
    places = [
        (section, rank, found.start(), found.end())
        for section, (_, sentences) in enumerate(said)
        for rank, text in enumerate(sentences)
        for found in _LONG_WORD.finditer(text)
    ]
    if not places:
        return said
    section, rank, start, end = chance.pick(places)
    name, sentences = said[section]
    text = sentences[rank]
    at = chance.between(start + 1, end - 3)
    swap = text[at + 1] + text[at] if chance.happens(0.5) else text[at]
    changed = [*sentences]
    changed[rank] = text[:at] + swap + text[at + 2 :]
    return [*said[:section], (name, changed), *said[section + 1 :]]
