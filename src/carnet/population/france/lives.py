"""A life of the generated France: everything drawn, planned, chosen, worded."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec

from carnet.population import codes
from carnet.population.codes import entry
from carnet.population.france.chance import Chance
from carnet.population.france.chart import Chart, Planned
from carnet.population.france.childhood import Prevention
from carnet.population.france.conditions import drawn_courses
from carnet.population.france.contents import Contents
from carnet.population.france.follow_up import FollowUp
from carnet.population.france.households import Member, World
from carnet.population.france.mishaps import Mishaps
from carnet.population.france.pregnancy import note_pregnancy, plan_newborn, play_pregnancy
from carnet.population.france.reading import frequencies
from carnet.population.france.selecting import Selector
from carnet.population.france.steps import Player
from carnet.population.france.usage import Usage
from carnet.population.model import Allergy, Document, Life, Statement, Treatment
from carnet.population.scripts.reading import kinds
from carnet.record.lifecycle import RecordState

_NEVER_WITH = {
    "asthma": frozenset({"beta-blocker", "nsaid"}),
    "copd": frozenset({"beta-blocker"}),
    "heart-failure": frozenset({"nsaid", "calcium-antagonist"}),
    "kidney-disease": frozenset({"nsaid", "biguanide"}),
    "atrial-fibrillation": frozenset({"nsaid"}),
    "coronary": frozenset({"nsaid", "triptan"}),
    "stroke": frozenset({"nsaid", "triptan"}),
    "migraine": frozenset({"oestroprogestative"}),
    "epilepsy": frozenset({"quinolone"}),
}
"""Classes of drugs that a doctor avoids with a course."""
_NO_MORE_THAN_FROM = (
    70  # years from which anti-inflammatories and long-acting sedatives are avoided
)


def chance_of(member: Member, world: World) -> Chance:
    """The stream of a person."""
    return Chance(f"france/{world.seed}/person/{member.person.key}")


def life_of(member: Member, world: World, count: int) -> Life:
    """The life of a person with exactly ``count`` documents."""
    chart = Chart(member, world, chance_of(member, world))
    contents = Contents(chart)
    player = Player(chart, contents)
    _note_allergies(chart)
    _play(chart, player)
    if member.person.record in (RecordState.NONE, RecordState.OPPOSED) or count <= 0:
        return _life(chart, (), Usage(chart, ()))
    Prevention(chart, contents).plan()
    follow_up = FollowUp(chart, contents)
    follow_up.plan()
    documents = _documents(chart, contents, follow_up, count)
    usage = Usage(chart, documents)
    usage.draw()
    return _life(chart, documents, usage)


def _play(chart: Chart, player: Player) -> None:
    """Pregnancies first, because of what they forbid; then every course, the oldest first."""
    births = [birth for birth, _ in chart.member.births]
    for birth in births:
        note_pregnancy(chart, birth)
    drawn = drawn_courses(chart.member, chart.world, chart.chance.of("courses"))
    for name, _, _ in drawn:
        chart.avoid |= _NEVER_WITH.get(name, frozenset())
    if chart.age(chart.last) >= _NO_MORE_THAN_FROM:
        chart.avoid |= {"nsaid"}
    for birth in births:
        if birth >= chart.world.since - timedelta(days=60):
            play_pregnancy(chart, player, birth)
        else:
            chart.add_problem("delivery", birth, birth + timedelta(days=4))
    plan_newborn(chart, player.contents)
    for name, form, start in drawn:
        if name in _NOT_WHILE_PREGNANT and _is_near_pregnancy(chart, start):
            continue
        player.play(name, form, start)


_NOT_WHILE_PREGNANT = frozenset(
    {
        "abortion",
        "secret-contraception",
        "contraception",
        "mammography",
        "kidney-stone",
        "gallstones",
    }
)
_NEAR = timedelta(days=240)


def _is_near_pregnancy(chart: Chart, day: date) -> bool:
    return any(first - _NEAR <= day <= last for first, last in chart.pregnancies)


def _note_allergies(chart: Chart) -> None:
    """Allergies, each since some day of the past."""
    chance = chart.chance.of("allergies")
    lived = (chart.last - chart.person.born).days
    for key, share in frequencies().allergy.items():
        if not chance.happens(share) or lived < 500:
            continue
        known = entry(codes.Allergy, key)
        if any(known.classes and set(known.classes) <= one.avoid for one in chart.allergies):
            continue
        since = chart.person.born + timedelta(days=chance.between(200, lived - 30))
        chart.allergies.append(
            Allergy(
                key=key,
                label=known.label,
                since=since,
                reaction=chance.pick(known.reactions),
                avoid=frozenset(known.classes),
            )
        )
        chart.avoid |= set(known.classes)


def _documents(
    chart: Chart, contents: Contents, follow_up: FollowUp, count: int
) -> tuple[Document, ...]:
    """Chosen, worded in the order of their moments, some of them sent again."""
    mishaps = Mishaps(chart)
    selector = Selector(chart, contents, follow_up)
    reserved = mishaps.reserved(count) if count > 4 else 0
    planned = selector.choose(count - reserved)
    again = mishaps.sources(planned, reserved)
    if len(again) < reserved:
        planned = _more(planned, selector, count - len(again))
    hides = chart.chance.of("hides").happens(frequencies().record["hides"])
    for one in planned:
        chart.documents.append(_written(contents, mishaps, one, hides=hides))
    return tuple(mishaps.again(chart.documents, [one.key for one in again]))


def _more(planned: list[Planned], selector: Selector, count: int) -> list[Planned]:
    """Filled up where too few could be sent again."""
    selector.fill(planned, count)
    return sorted(planned, key=lambda one: (one.at, one.key))


def _written(contents: Contents, mishaps: Mishaps, one: Planned, *, hides: bool) -> Document:
    content = one.make(one)
    style = contents.styles.get(one.key, "") or kinds()[one.kind].style
    return Document(
        key=one.key,
        kind=one.kind,
        author=one.author,
        at=one.at,
        title=one.title,
        content=content,
        episode=one.episode,
        style=style,
        to=one.to,
        ordered_by=one.ordered_by,
        stay=one.stay,
        visibility=one.visibility,
        hidden=mishaps.hidden(one, hides=hides),
        announced=one.announced,
        as_pdf=mishaps.as_paper(one),
        states=contents.states.get(one.key, Statement()),
    )


def _until_death(one: Treatment, died: date | None) -> Treatment:
    """Nothing is taken after death."""
    if died is None or (one.end is not None and one.end <= died):
        return one
    return msgspec.structs.replace(one, end=died)


def _life(chart: Chart, documents: tuple[Document, ...], usage: Usage) -> Life:
    today = chart.world.today
    problems = tuple(
        msgspec.structs.replace(one, end=None if one.end is None or one.end >= today else one.end)
        for one in chart.problems
        if one.onset < today
    )
    return Life(
        person=chart.person,
        problems=problems,
        allergies=tuple(chart.allergies),
        treatments=tuple(_until_death(one, chart.person.died) for one in chart.treatments),
        episodes=tuple(one for one in chart.episodes if one.start < today),
        documents=documents,
        ties=tuple(usage.ties),
        acts=tuple(sorted(usage.acts, key=lambda act: (act.at, act.who, act.does))),
    )
