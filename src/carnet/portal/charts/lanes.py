"""Episodes of care as bands, in lanes so that neither bands nor their titles touch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import msgspec

from carnet.portal.charts.model import Episode
from carnet.portal.charts.scale import Scale, moment_of
from carnet.portal.charts.speech import Speech

LANE = 34.0  # height of a title with its band
MOST_LANES = 6
NARROW = 288.0  # the picture's width in points on a screen of 320
LETTER = 7.5  # width of a letter of a title, in points
MOST_LETTERS = 30
GAP = 2.0  # per cent between two neighbours
LEAST = 1.0  # per cent: the band of a single day can still be seen


class Band(msgspec.Struct, frozen=True):
    """An episode: x and width in per cent, y (of its lane's top) in points.

    ``title`` is what there is room for of the ``whole`` one.
    ``before`` and ``after`` are whether it goes on outside the picture. The title begins at the
    band's begin, or ends at its end where ``leftwards``.
    """

    x: float
    width: float
    y: float
    lane: int
    whole: str
    title: str
    name: str
    href: str
    before: bool
    after: bool
    leftwards: bool

    @property
    def end(self) -> float:
        """Its right edge."""
        return round(self.x + self.width, 2)


def overlapping(
    episodes: Sequence[Episode], window: tuple[int, int], today: date
) -> list[tuple[float, float, Episode]]:
    """The episodes that touch a stretch of days, with their first day and the day behind the last.

    Without an end they reach to the end of today; one whose dates are impossible is left out.
    """
    touching = []
    for episode in episodes:
        start, end = moment_of(episode.start), moment_of(episode.end)
        if (episode.start and not start) or (episode.end and not end):
            continue
        first = start.at if start else float(window[0] - 1)
        last = end.until + 1 if end else max(today.toordinal() + 1.0, first + 1)
        if first < window[1] and last > window[0]:
            touching.append((first, last, episode))
    touching.sort(key=lambda each: (each[0], -each[1]))
    return touching


def bands_of(
    speech: Speech,
    touching: Sequence[tuple[float, float, Episode]],
    window: tuple[int, int],
    today: date,
    top: float,
) -> tuple[Band, ...]:
    """Lay episodes into lanes, at most six; those that find no place are left to the table."""
    scale = Scale(float(window[0]), float(window[1]), 0.0, 100.0)
    lanes: list[float] = []  # how far each is taken
    bands = []
    for first, last, episode in touching:
        x = max(scale(first), 0.0)
        end = min(max(scale(last), x + LEAST), 100.0)
        title = shortened(episode.title, MOST_LETTERS)
        needed = min(len(title) * LETTER / NARROW * 100, 100.0)
        leftwards = x + needed > 100 and end >= needed
        begin = end - needed if leftwards else x
        if not leftwards and x + needed > 100:  # neither side has room for it: as far as it goes
            begin, leftwards = 0.0, x > 50
        lane = next(
            (i for i, taken in enumerate(lanes) if taken + GAP <= min(begin, x)), len(lanes)
        )
        if lane == MOST_LANES:
            continue
        lanes[lane : lane + 1] = [max(end, begin + needed)]
        after = last > window[1] or (not episode.end and last > today.toordinal())
        bands.append(
            Band(
                round(x, 2),
                round(end - x, 2),
                top + lane * LANE,
                lane,
                episode.title,
                title,
                _name(speech, episode),
                episode.href,
                before=first < window[0],
                after=after,
                leftwards=leftwards,
            )
        )
    return tuple(bands)


def shortened(text: str, most: int) -> str:
    """The begin of a text, of at most so many characters, cut between words where that serves.

    It has no ellipsis: what is read aloud is the whole, of which this is the begin.
    """
    if len(text) <= most:
        return text
    words = text[: most + 1].rpartition(" ")[0]
    return (words or text[:most]).rstrip(" ,;:.-–")


def episode_dates(speech: Speech, episode: Episode) -> tuple[str, str]:
    """When it began and ended, in words; as written where that is no date."""
    words = []
    for written in (episode.start, episode.end):
        moment = moment_of(written)
        words.append(speech.day(moment) if moment else written)
    return words[0] or speech.gettext("avant"), words[1] or speech.gettext("en cours")


def _name(speech: Speech, episode: Episode) -> str:
    """The whole title first (what is seen is its begin), then the dates and the documents."""
    begin, end = episode_dates(speech, episode)
    parts = [f"{episode.title}, {begin} – {end}"]
    if episode.documents:
        words = speech.ngettext("%(count)s document", "%(count)s documents", episode.documents)
        parts.append(words % {"count": speech.count(episode.documents)})
    return ", ".join(parts)
