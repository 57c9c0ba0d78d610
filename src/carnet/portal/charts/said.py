"""The sentences under a picture: how many values, from when to when, what is not drawn and why."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from carnet.portal.charts.model import Point
from carnet.portal.charts.scale import Moment, decimal_of, moment_of
from carnet.portal.charts.series import Series
from carnet.portal.charts.speech import Speech


class Change(msgspec.Struct, frozen=True):
    """The difference against the time before: in figures, and in a sentence."""

    figure: str = ""
    sentence: str = ""
    value: Decimal | None = None


def describe(speech: Speech, series: Series) -> str:
    """What the picture shows, in one or two sentences; for ``desc`` and the label."""
    dated = series.ordered[series.undated :]
    if not series.ordered:
        return speech.gettext("Aucune valeur pour le moment.")
    if not dated:
        return speech.gettext("Aucune valeur datée.")
    counted = speech.ngettext("%(count)s valeur", "%(count)s valeurs", len(dated)) % {
        "count": speech.count(len(dated))
    }
    first, last = moment_of(dated[0].day), moment_of(dated[-1].day)
    if first is None or last is None:  # dated ones have a moment
        return counted
    return f"{counted}, {_stretch(speech, first, last)}. {latest(speech, dated[-1])}"


def _stretch(speech: Speech, first: Moment, last: Moment) -> str:
    begin, end = speech.day(first), speech.day(last)
    if begin == end:
        return speech.gettext("le %(day)s") % {"day": begin}
    return speech.gettext("du %(first)s au %(last)s") % {"first": begin, "last": end}


def latest(speech: Speech, point: Point) -> str:
    """The last value with its bounds and its mark, as reported."""
    parts = [speech.quantity(point.number, point.unit, point.comparator)]
    bounds = speech.range(point.low, point.high, point.bounds)
    if bounds:
        parts.append(speech.gettext("bornes indiquées : %(bounds)s") % {"bounds": bounds})
    if point.interpretation:
        words = speech.gettext("signalé « %(mark)s »")
        parts.append(words % {"mark": point.interpretation})
    return speech.gettext("Dernière : %(value)s.") % {"value": ", ".join(parts)}


def change_of(speech: Speech, series: Series) -> Change:
    """The last value against the one before it, where both are exact and in one unit.

    Where they are not, the sentence says that the two cannot be compared: an older value is not
    taken instead, for that would hide the one between.
    """
    dated = series.ordered[series.undated :]
    if len(dated) < 2:
        return Change()
    before, last = dated[-2], dated[-1]
    old, new = decimal_of(before.number), decimal_of(last.number)
    then = moment_of(before.day)
    told = {
        "value": speech.quantity(before.number, before.unit, before.comparator),
        "day": speech.day(then) if then else before.day,
    }
    comparable = before.unit == last.unit and not before.comparator and not last.comparator
    if old is None or new is None or not comparable or _too_far(old, new):
        words = speech.gettext("La fois d’avant, le %(day)s : %(value)s ; pas comparable.")
        return Change(sentence=words % told)
    difference = new - old
    told["change"] = speech.change(difference)
    words = speech.gettext("La fois d’avant, le %(day)s : %(value)s. Écart : %(change)s.")
    return Change(figure=told["change"], sentence=words % told, value=difference)


def _too_far(old: Decimal, new: Decimal) -> bool:
    """Whether the exact difference would need more digits than arithmetic keeps."""
    ends = [end for value in (old, new) for end in _ends(value)]
    return max(ends) - min(ends) > 27


def _ends(value: Decimal) -> tuple[int, int]:
    exponent = value.as_tuple().exponent
    return value.adjusted(), exponent if isinstance(exponent, int) else 0


def keys_of(speech: Speech, series: Series) -> tuple[str, ...]:
    """What the signs of a picture mean, for those that it has."""
    keys = []
    if any(mark.point.low or mark.point.high for mark in (*series.exact, *series.limits)):
        keys.append(speech.gettext("Bande : les bornes indiquées à côté de chaque valeur."))
    if series.limits:
        keys.append(speech.gettext("Triangle : la valeur est plus petite ou plus grande que lui."))
    if any(mark.moment.precision < 10 for mark in (*series.exact, *series.limits)):
        keys.append(speech.gettext("Pointillé : le jour exact n’est pas connu."))
    return tuple(keys)


def notes_of(speech: Speech, series: Series) -> tuple[str, ...]:
    """What the picture leaves out, each in a sentence; empty where it shows everything."""
    counted = (
        (
            len(series.apart),
            speech.ngettext(
                "%(count)s valeur dans une autre unité n’est pas sur la courbe.",
                "%(count)s valeurs dans une autre unité ne sont pas sur la courbe.",
                len(series.apart),
            ),
        ),
        (
            series.undated,
            speech.ngettext(
                "%(count)s valeur sans date est seulement dans le tableau.",
                "%(count)s valeurs sans date sont seulement dans le tableau.",
                series.undated,
            ),
        ),
        (
            series.wordy,
            speech.ngettext(
                "%(count)s résultat qui n’est pas un nombre est seulement dans le tableau.",
                "%(count)s résultats qui ne sont pas des nombres sont seulement dans le tableau.",
                series.wordy,
            ),
        ),
    )
    notes = [words % {"count": speech.count(count)} for count, words in counted if count]
    if series.thinned:
        words = speech.gettext(
            "%(total)s valeurs, trop pour un dessin : il garde, pour chaque période, la première, "
            "la plus basse, la plus haute et la dernière, soit %(shown)s valeurs."
        )
        told = {
            "total": speech.count(series.drawn),
            "shown": speech.count(series.drawn - series.thinned),
        }
        notes.insert(0, words % told)
    return tuple(notes)
