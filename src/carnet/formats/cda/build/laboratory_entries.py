"""The entry of a chapter: observations, batteries and isolates of IHE PaLM XD-LAB and CI-SIS."""

from __future__ import annotations

from lxml.etree import _Element

from carnet.formats.cda.build.kind import Ids
from carnet.formats.cda.build.laboratory_model import (
    Aborted,
    Battery,
    Interpretation,
    Isolate,
    Item,
    Measure,
    Qualitative,
    Result,
    Susceptibility,
)
from carnet.formats.cda.build.oids import ENTRY, LAB
from carnet.formats.cda.build.statements import (
    act,
    coded_as,
    component,
    quantity,
    related,
    status,
    templates,
    value_of,
)
from carnet.formats.cda.build.values import Coded, Quantity
from carnet.formats.cda.build.xml import LOINC, append, coded, element, identified, moment
from carnet.record.document import Code
from carnet.record.identity import Identifier

_INTERPRETATION = "2.16.840.1.113883.5.83"
_EVENT: dict[str, str | None] = {"classCode": "OBS", "moodCode": "EVN"}
_ANTIBIOGRAM = Code(LOINC, "18769-0", "Antibiogramme")


def _named(code: Code | None, local: Code | None, name: str | None) -> _Element:
    """A code that points to its words; without LOINC code the local one is a translation."""
    translations = () if local is None else (local,)
    return coded_as("code", Coded(code, translations=translations), name)


def _interpretation(value: Interpretation | None) -> _Element | None:
    code = None if value is None else Code(_INTERPRETATION, value.value, value.label)
    return coded("interpretationCode", code)


def _past(result: Result) -> _Element | None:
    if result.past is None:
        return None
    earlier = element(
        "observation",
        _named(result.code, result.local, None),
        status(),
        moment("effectiveTime", result.past.time),
        value_of(Quantity(result.past.value, result.unit)),
        attrs=_EVENT,
    )
    return related("REFR", earlier)


def _range(result: Result) -> _Element | None:
    if result.low is None and result.high is None:
        return None
    span = element(
        "value",
        None if result.low is None else quantity("low", Quantity(result.low, result.unit)),
        None if result.high is None else quantity("high", Quantity(result.high, result.unit)),
        attrs={"xsi:type": "IVL_PQ"},
    )
    observed = element("observationRange", span, _interpretation(Interpretation.NORMAL))
    return element("referenceRange", observed, attrs={"typeCode": "REFV"})


def _observation(
    code: _Element, time: str, *stated: _Element | None, status_code: str = "completed"
) -> _Element:
    """A laboratory observation (L.1.6, F.3.80) and what it states."""
    return element(
        "observation",
        *templates((f"{LAB}.1.6", f"{ENTRY}.80")),
        code,
        status(status_code),
        moment("effectiveTime", time),
        *stated,
        attrs=_EVENT,
    )


def _measure(measure: Measure, name: str, sampled: str) -> _Element:
    """One result: a quantity, something coded or in words, or nothing because it was aborted."""
    code = _named(measure.code, measure.local, name)
    if isinstance(measure, Aborted):
        return _observation(code, sampled, status_code="aborted")
    stands = _interpretation(measure.interpretation)
    if isinstance(measure, Qualitative):
        return _observation(code, sampled, value_of(measure.value, f"{name}-value"), stands)
    value = value_of(measure.quantity)
    return _observation(code, sampled, value, stands, _past(measure), _range(measure))


def _battery(battery: Battery, name: str, sampled: str) -> _Element:
    members = (_measure(r, f"{name}-{n}", sampled) for n, r in enumerate(battery.results))
    return append(
        element(
            "organizer",
            *templates((f"{LAB}.1.4", f"{ENTRY}.78")),
            _named(battery.code, None, name),
            status(),
            attrs={"classCode": "BATTERY", "moodCode": "EVN"},
        ),
        *(component(member) for member in members),
    )


def _susceptibility(tested: Susceptibility, name: str, sampled: str) -> _Element:
    """One antibiotic: the concentration where it is known, else the words of the reading."""
    if tested.mic is None:
        value = value_of(Coded(text=tested.stands.label), f"{name}-value")
    else:
        value = value_of(tested.mic)
    code = _named(tested.code, tested.local, name)
    return _observation(code, sampled, value, _interpretation(tested.stands))


def _antibiogram(isolate: Isolate, name: str, sampled: str) -> _Element | None:
    if not isolate.antibiogram:
        return None
    made = element(
        "organizer",
        *templates((f"{LAB}.1.4", f"{ENTRY}.78")),
        coded_as("code", Coded(_ANTIBIOGRAM), name),
        status(),
        attrs={"classCode": "BATTERY", "moodCode": "EVN"},
    )
    for number, tested in enumerate(isolate.antibiogram):
        made.append(component(_susceptibility(tested, f"{name}-{number}", sampled)))
    return component(made)


def _isolate(isolate: Isolate, name: str, sampled: str, ids: Ids) -> _Element:
    """A germ (L.1.5, F.3.79): the specimen that it is, its results, its antibiogram."""
    germ = element(
        "specimenPlayingEntity",
        coded_as("code", isolate.organism, name),
        attrs={"classCode": "MIC"},
    )
    role = element(
        "specimenRole", identified(Identifier(ids(name))), germ, attrs={"classCode": "SPEC"}
    )
    measured = (_measure(r, f"{name}-{n}", sampled) for n, r in enumerate(isolate.results))
    return element(
        "organizer",
        *templates((f"{LAB}.1.5", f"{ENTRY}.79")),
        status(),
        moment("effectiveTime", sampled),
        element("specimen", role, attrs={"typeCode": "SPC"}),
        *(component(observation) for observation in measured),
        _antibiogram(isolate, f"{name}-abg", sampled),
        attrs={"classCode": "CLUSTER", "moodCode": "EVN"},
    )


def _item(item: Item, name: str, sampled: str, ids: Ids) -> _Element:
    if isinstance(item, Battery):
        return _battery(item, name, sampled)
    if isinstance(item, Isolate):
        return _isolate(item, name, sampled, ids)
    return _measure(item, name, sampled)


def chapter_entry(
    code: Code, items: tuple[Item, ...], prefix: str, sampled: str, ids: Ids
) -> _Element:
    """The one entry of a chapter or of a part of it (L.1, F.3.21)."""
    made = act((), coded("code", code), None)
    for number, item in enumerate(items):
        made.append(related("COMP", _item(item, f"{prefix}-{number}", sampled, ids)))
    return element(
        "entry", *templates((f"{LAB}.1", f"{ENTRY}.21")), made, attrs={"typeCode": "DRIV"}
    )
