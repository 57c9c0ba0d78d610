"""What documents are about by themselves, and by the visit that they come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from carnet.clinical.order.childhood import CHILDHOOD
from carnet.clinical.order.linking import Unit
from carnet.formats.gist.words import author_words, plain, topics

# General practitioners in JDV_J01: they write about everything.
GENERALISTS = frozenset({"G15_10/SM26", "G15_10/SM53", "G15_10/SM54"})

_BARE = frozenset(
    {
        "ordonnance",
        "ordonnance medicale",
        "ordonnance de medicaments",
        "prescription",
        "prescription de medicaments",
    }
)
_PICTURED = frozenset({"imaging", "examination", "pathology"})
_AT_HOME = frozenset({"care", "social", "plan", "vaccination", "letter", "order"})
_OF_VISIT = frozenset({"prescription", "order", "examination"})
_FOUND = 45  # days after a first letter in which a treatment begins
_PREGNANT = 285  # days before a birth
_SEXUAL = "screen_infections"  # among tests for something else it says nothing
_TESTED = 30  # days after asking for contraception in which tests belong to it


def field_of(unit: Unit) -> tuple[str, ...]:
    """The topics that the specialist who wrote it writes about."""
    words = author_words(unit.head.specialty)
    return words.topics if words else ()


def find_subjects(units: Sequence[Unit]) -> None:
    """Sets ``about`` of every unit that says what it is about, and of those that live somewhere."""
    for unit in units:
        unit.about = _subject(unit)
        if unit.head.home and not unit.about and unit.sort in _AT_HOME:
            unit.about = "nursing_home"
    _check_pregnancies(units)


def _subject(unit: Unit) -> str:
    known = topics()
    named = unit.named
    if unit.sort in ("pregnancy", "birth"):
        return "pregnancy"
    if unit.sort == "vaccination":
        return next((key for key in named if key in ("pregnancy", "access")), "")
    if unit.sort == "prescription":
        return _prescribed(unit)
    if unit.sort == "laboratory" and not named:
        if "pregnancy" in unit.hinted:
            return "pregnancy"
        passing = [key for key in unit.hinted if not known[key].lasts]
        mixed = passing == [_SEXUAL] and len(unit.hinted) > 1
        return passing[0] if passing and not mixed else ""
    if named and known[named[0]].kind == "social":
        return next((key for key in named if known[key].kind == "acute"), named[0])
    if named:
        return named[0]
    return unit.hinted[0] if unit.sort in _PICTURED and unit.hinted else ""


def _prescribed(unit: Unit) -> str:
    """What passes if it is for nothing else; an illness that lasts where the title says of what.

    A bare "Ordonnance" for what lasts is a renewal as a rule; ``follow_visits`` knows better.
    """
    known = topics()
    told = unit.named or unit.hinted
    lasting = [key for key in told if known[key].lasts]
    if told and not lasting:
        return told[0]
    return lasting[0] if lasting and not is_bare(unit) else ""


def is_bare(unit: Unit) -> bool:
    """Whether the title of a prescription says nothing but that it is one."""
    return plain(unit.head.title).strip() in _BARE


def _check_pregnancies(units: Sequence[Unit]) -> None:
    """Tests alone make no pregnancy; those after asking for contraception belong to it."""
    sure = [
        unit.day
        for unit in units
        if unit.about in ("pregnancy", "abortion") and unit.sort != "laboratory"
    ]
    asked = [unit.day for unit in units if unit.about == "contraception"]
    births = [unit.day for unit in units if unit.sort == "birth"]
    for unit in units:
        if unit.about == "anaemia" and any(-60 <= day - unit.day <= _PREGNANT for day in births):
            unit.about = "pregnancy"
        if unit.sort != "laboratory":
            continue
        if unit.about == "pregnancy" and not any(abs(day - unit.day) < 280 for day in sure):
            unit.about = next((key for key in unit.hinted if key != "pregnancy"), "")
        tested = {"pregnancy", "screen_infections"} & set(unit.hinted)
        late = any(0 <= unit.day - day <= _TESTED for day in asked)
        if tested and late and unit.about in ("", "screen_infections"):
            unit.about = "contraception"


def follow_visits(units: Sequence[Unit], staying: set[int]) -> None:
    """Prescriptions and other papers of a visit are about what its letter is about.

    A prescription of a generalist for an illness that lasts is a renewal unless it brings a
    medicine that the record did not know, for one illness alone. ``staying`` are ids of units that
    belong to a stay.
    """
    first: dict[str, int] = {}
    for unit in units:
        if unit.about:
            first.setdefault(unit.about, unit.day)
    visits: defaultdict[tuple[int, str], list[Unit]] = defaultdict(list)
    for unit in units:
        if id(unit) not in staying:
            visits[unit.day, unit.author].append(unit)
    told_of: dict[str, str] = {}  # a medicine, and what the visit that began it was about
    for visit in visits.values():
        told = [unit for unit in visit if unit.about and unit.sort not in ("prescription", "order")]
        told = told or [unit for unit in visit if unit.about]
        abouts = [unit.about for unit in told]
        want = next((about for about in abouts if about != CHILDHOOD), abouts[0] if told else "")
        for unit in visit:
            if unit.sort in _OF_VISIT:
                _follow(unit, want or _begun(unit, told_of), first)
        for unit in visit:
            if unit.sort == "prescription" and want and unit.about == want:
                for line in unit.lines:
                    told_of.setdefault(line, want)


def _begun(unit: Unit, told_of: dict[str, str]) -> str:
    """What all its medicines were begun for; empty where that is not known."""
    if unit.sort != "prescription" or not unit.lines:
        return ""
    found = {told_of.get(line, "") for line in unit.lines}
    return found.pop() if len(found) == 1 else ""


def _follow(unit: Unit, want: str, first: dict[str, int]) -> None:
    known = topics()
    told = (*unit.named, *unit.hinted)
    if unit.about:
        if unit.sort == "prescription" and want in told and known[unit.about].kind != "chronic":
            unit.about = want
        if unit.about != want and want == CHILDHOOD and first[unit.about] == unit.day:
            unit.about = want if is_bare(unit) else unit.about
        return
    if unit.sort != "prescription":
        unit.about = want
        return
    lasting = {key for key in unit.named or unit.hinted if known[key].lasts}
    general = unit.head.specialty in GENERALISTS
    if lasting and want and not lasting & first.keys():
        unit.about = want
    elif lasting:
        topic = want if want in lasting else min(lasting) if len(lasting) == 1 else ""
        if general and topic:
            topic = topic if len(lasting) == 1 else ""
        unit.about = topic
    elif not (
        general
        and want
        and known[want].lasts
        and not unit.lines
        and not 0 <= unit.day - first[want] <= _FOUND
    ):
        unit.about = want
