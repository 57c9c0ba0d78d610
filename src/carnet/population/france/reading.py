"""Reads the data of the generated France, once. A misspelt field is msgspec's own error."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import msgspec

from carnet.population.france.forms import (
    CourseForm,
    FrequenciesForm,
    RolesForm,
    VoicesForm,
)

_STEP = re.compile(r"([+-]?)(\d+)([ymwd])")
_DAYS = {"d": 1.0, "w": 7.0, "m": 30.4375, "y": 365.25}


def _text(*parts: str) -> bytes:
    return files("carnet.population").joinpath("data", "france", *parts).read_bytes()


@cache
def frequencies() -> FrequenciesForm:
    """How often anything is so or happens."""
    return msgspec.toml.decode(_text("frequencies.toml"), type=FrequenciesForm)


@cache
def roles() -> RolesForm:
    """Who can treat, and where."""
    return msgspec.toml.decode(_text("roles.toml"), type=RolesForm)


@cache
def voices() -> VoicesForm:
    """How people write."""
    return msgspec.toml.decode(_text("voices.toml"), type=VoicesForm)


@cache
def courses() -> dict[str, CourseForm]:
    """Every course by key (the name of its table), files and tables in order."""
    folder = files("carnet.population").joinpath("data", "france", "courses")
    names = sorted(one.name for one in folder.iterdir() if one.name.endswith(".toml"))
    found: dict[str, CourseForm] = {}
    for name in names:
        found.update(msgspec.toml.decode(_text("courses", name), type=dict[str, CourseForm]))
    return found


@cache
def childhood() -> dict[str, dict[str, tuple[str, ...]]]:
    """What is written of children and pregnancies, by stage."""
    kind = dict[str, dict[str, tuple[str, ...]]]
    return msgspec.toml.decode(_text("childhood.toml"), type=kind)


@cache
def days_of(span: str) -> int:
    """The days of a span such as ``-2y+10d``. ``ValueError`` for other words."""
    if "".join(found.group() for found in _STEP.finditer(span)) != span or not span:
        raise ValueError(f"“{span}” is no span")
    total = 0.0
    for sign, number, unit in _STEP.findall(span):
        total += (-1 if sign == "-" else 1) * int(number) * _DAYS[unit]
    return round(total)


def after(day: date, span: str) -> date:
    """The day that long after."""
    return day + timedelta(days=days_of(span))
