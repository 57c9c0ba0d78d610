"""What citizens put into their own records: measurements, papers, wishes."""

from __future__ import annotations

from datetime import timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Maker, Planned
from carnet.population.france.contents import Contents
from carnet.population.france.words import short_name
from carnet.population.model import Content, Photo

_ADULT = 18
_OLD = 68
_MEASURES: dict[str, tuple[str, ...]] = {
    "reason": (
        "[Mes tensions|Mes mesures|Relevé] de la semaine, [matin et soir|assis au calme].",
        "[Carnet|Notes] pour le prochain rendez-vous.",
        "Je note ici [ma tension|mes chiffres] comme [demandé|convenu].",
    ),
    "signs": (
        "Lundi {bp}, mercredi 13{n 0 8}/7{n 2 9}, samedi 12{n 4 9}/7{n 1 9}.",
        "Moyenne {bp}, pouls {pulse}.",
        "Poids {weight} kg [le matin|le soir], tension {bp}.",
    ),
    "plan": (
        "[Je me sens bien|Un peu fatigué{e}|Rien de spécial].",
        "Question : [puis-je reprendre la piscine|la prise de sang est-elle à jeun] ?",
    ),
}
_CONTACTS: dict[str, tuple[str, ...]] = {
    "reason": (
        "Personne à prévenir : [mon fils|ma sœur|ma voisine], 06 39 98 {n 10 99} {n 10 99}.",
    ),
    "plan": ("[Elle a les clés|Il habite à {n 5 40} km|Joignable après {n 16 19} h].",),
}
_WISHES: dict[str, tuple[str, ...]] = {
    "reason": (
        "Si je ne peux plus m'exprimer, [je refuse l'acharnement|je veux être soulagé{e}].",
    ),
    "story": ("J'en ai parlé avec [mon médecin|mes enfants|ma personne de confiance].",),
    "plan": ("[Je peux changer d'avis à tout moment|Écrit de ma main et relu|Fait librement].",),
}


def plan_own(chart: Chart, contents: Contents, chance: Chance, number: int) -> Planned | None:
    """A document of the citizen, of some kind; None for children and where no day fits."""
    days = (chart.last - chart.since).days
    day = chart.since + timedelta(days=chance.below(max(1, days)))
    if chart.age(day) < _ADULT:
        return None
    kind, title, make = _kind(chart, contents, chance, chart.age(day))
    at = chart.moment(kind, day, f"own/{number}")
    if at is None:
        return None
    return Planned(
        key=chart.unique(f"mien-{at:%Y%m%d}"),
        kind=kind,
        author=chart.person.key,
        at=at,
        title=title,
        make=make,
        rank=3,
        is_letter=kind != "patient-photo",
    )


def _kind(chart: Chart, contents: Contents, chance: Chance, age: int) -> tuple[str, str, Maker]:
    drawn = chance.number()
    if drawn < 0.28:
        return "patient-photo", "Photo d'un papier", _photo(chart, chance)
    if drawn < 0.4:
        return "patient-contacts", "Personne à prévenir", contents.letter([(None, _CONTACTS)])
    if drawn < 0.55 and age >= _OLD:
        return "advance-directives", "Mes directives anticipées", contents.letter([(None, _WISHES)])
    return "patient-document", "Mes mesures à la maison", contents.letter([(None, _MEASURES)])


def _photo(chart: Chart, chance: Chance) -> Maker:
    def make(planned: Planned) -> Content:
        day = planned.at.date()
        taken = [one for one in chart.treatments if one.is_taken(day)]
        if taken:
            lines = tuple(
                f"{short_name(one.drug, substance=False)} : {one.dose}" for one in taken[:4]
            )
            return Photo(title="Ordonnance", lines=lines, handwritten=(chance.pick(_NOTES),))
        high, low = chart.signs.pressure(day)
        lines = (f"Tension {high}/{low}", f"Poids {chart.signs.weight(day):.0f} kg")
        return Photo(title="Carte de suivi", lines=lines)

    return make


_NOTES = (
    "à refaire",
    "demander au docteur",
    "pharmacie fermée lundi",
    "pris le soir",
    "reste 1 boîte",
)
