"""Who opened the record: the citizen, their doctors, a specialist with rights, somebody without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart
from carnet.population.france.reading import frequencies
from carnet.population.france.territories import role_of
from carnet.population.model import Act, Document, Does, Tie
from carnet.population.scripts.moments import PARIS, working_day
from carnet.record.access.model import RelationKind
from carnet.record.caller import Purpose

_SETTLED = timedelta(days=9)  # after which a document is surely in the record
_ADULT = 18
_READERS = frozenset(
    {"cardiologist", "lung", "endocrinologist", "neurologist", "rheumatologist", "oncologist"}
    | {"geriatrician", "urologist", "surgeon", "infectious", "nephrologist"}
)
_MOST_READINGS = 25


def _when_open(at: datetime) -> datetime:
    """That moment, on the Monday after where practices are shut that day."""
    return datetime.combine(working_day(at.date()), at.time(), tzinfo=PARIS)


class Usage:
    """Draws the ties and the openings of one record whose documents are known."""

    def __init__(self, chart: Chart, documents: tuple[Document, ...]) -> None:
        self.chart = chart
        self.chance = chart.chance.of("usage")
        self.documents = documents
        self.often = frequencies().record
        replaced = {one.replaces for one in documents}
        self.plain = [
            one
            for one in documents
            if one.hidden is None and not one.visibility and not one.copy_of
            if one.key not in replaced
        ]
        self.ties: list[Tie] = []
        self.acts: list[Act] = []

    def draw(self) -> None:
        """Ties and acts, in no order."""
        if not self.documents or self.chance.of("never").happens(self.often["never-read"]):
            return
        if self.chance.of("citizen").happens(self.often["read-by-citizen"]):
            self._citizen()
        if self.chart.person.doctor is not None:
            self._doctor(self.chart.person.doctor)
        if self.chance.of("authorises").happens(self.often["authorises"]):
            self._specialists()
        if self.chance.of("blocks").happens(self.often["blocks"]):
            self._block()
        if self.chance.of("curious").happens(0.02):
            self._curious()
        self._emergencies()

    def _act(self, act: Act) -> None:
        if act.at.date() <= self.chart.last:
            self.acts.append(act)

    def _citizen(self) -> None:
        """The citizen, or a parent of a small child, looks and opens."""
        chart = self.chart
        for one in self._some(self.plain, self.chance.of("own"), 0.25):
            at = one.at + _SETTLED + timedelta(hours=self.chance.of("hour", one.key).between(1, 9))
            who = chart.person.key
            if chart.age(at.date()) < _ADULT and chart.person.guardians:
                who = chart.person.guardians[0]
            self._act(Act(who=who, does=Does.FIND, at=at))
            self._act(Act(who=who, does=Does.READ, at=at + timedelta(minutes=2), document=one.key))
        last = self.documents[-1].at + _SETTLED + timedelta(days=3)
        if self.chance.of("history").happens(0.2) and chart.age(last.date()) >= _ADULT:
            self._act(Act(who=chart.person.key, does=Does.HISTORY, at=last))
        self._unannounced()

    def _unannounced(self) -> None:
        """Somebody looks for a result that waits for its announcement."""
        for one in self.documents:
            wait = None if one.announced is None else one.announced - one.at
            if wait is not None and wait > timedelta(days=3) and not one.copy_of:
                at = one.at + timedelta(days=2)
                self._act(
                    Act(
                        who=self.chart.person.key,
                        does=Does.READ,
                        at=at,
                        document=one.key,
                        refused=True,
                    )
                )

    def _doctor(self, doctor: str) -> None:
        """The médecin traitant opens what others wrote."""
        others = [one for one in self.plain if one.author != doctor]
        for one in self._some(others, self.chance.of("doctor"), 0.35):
            days = self.chance.of("gp", one.key).between(1, 30)
            at = _when_open(one.at + _SETTLED + timedelta(days=days))
            self._act(Act(who=doctor, does=Does.FIND, at=at))
            self._act(
                Act(who=doctor, does=Does.READ, at=at + timedelta(minutes=1), document=one.key)
            )

    def _specialists(self) -> None:
        """Specialists who follow somebody get rights, and read."""
        seen: dict[str, datetime] = {}
        for one in self.plain:
            if role_of(one.author) in _READERS:
                seen.setdefault(one.author, one.at)
        for key, first in seen.items():
            since = first - timedelta(days=3)
            until = first + timedelta(days=1500)
            self.ties.append(
                Tie(kind=RelationKind.AUTHORISATION, actor=key, since=since, until=until)
            )
            visits = [one for one in self.plain if one.author == key and one.at < until]
            for visit in visits[:_MOST_READINGS]:
                at = visit.at - timedelta(minutes=25)
                if at > since + timedelta(days=2):
                    self._act(Act(who=key, does=Does.FIND, at=at))

    def _block(self) -> None:
        """The citizen blocks somebody who never wrote here; they try all the same."""
        blocked = self._stranger("skin")
        first = self.documents[0].at + timedelta(days=self.chance.of("block").between(20, 400))
        if blocked is None or self._last_moment() < first + timedelta(days=40):
            return
        if self.chart.age(first.date()) < _ADULT:
            return
        self.ties.append(Tie(kind=RelationKind.BLOCK, actor=blocked, since=first))
        at = _when_open(first + timedelta(days=30))
        self._act(Act(who=blocked, does=Does.FIND, at=at, refused=True))

    def _curious(self) -> None:
        """Somebody without any right looks, and is refused."""
        stranger = self._stranger("occupational")
        if stranger is not None:
            at = _when_open(self.documents[-1].at + timedelta(days=2))
            self._act(Act(who=stranger, does=Does.FIND, at=at, refused=True))

    def _stranger(self, role: str) -> str | None:
        key = self.chart.care.key(role)
        wrote = {one.author for one in self.documents} | {one.sender for one in self.documents}
        is_known = any(one is not None and role_of(one) == role for one in wrote)
        return None if is_known else key

    def _emergencies(self) -> None:
        """Who treats an emergency breaks the glass, where the citizen does not oppose it."""
        if self.chart.person.break_glass_opposed:
            return
        for one in self.documents:
            if one.kind != "emergency" or one.copy_of or role_of(one.author) != "emergency":
                continue
            if self.chance.of("glass", one.key).happens(0.5) and one is not self.documents[0]:
                self._act(
                    Act(
                        who=one.author,
                        does=Does.FIND,
                        at=one.at + timedelta(minutes=5),
                        purpose=Purpose.BREAK_GLASS,
                        reason="Urgence : antécédents et traitements inconnus à l'arrivée",
                    )
                )

    def _last_moment(self) -> datetime:
        return self.documents[-1].at

    def _some(self, documents: list[Document], chance: Chance, share: float) -> Iterator[Document]:
        wanted = [one for one in documents if chance.of(one.key).happens(share)]
        yield from wanted[-_MOST_READINGS:]
