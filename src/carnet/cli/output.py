"""What commands print: sentences for people, one JSON object a line for machines, progress."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

import msgspec

from carnet.record.catalogue import CATALOGUE, remedy, sentence
from carnet.record.errors import CarnetError
from carnet.settings.faults import SettingsError


def language() -> str:
    """``fr`` under a French locale, else ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name)
        if value:
            return "fr" if value.lower().startswith("fr") else "en"
    return "en"


def json_line(value: object) -> None:
    """Print one JSON object on a line of its own, at once."""
    sys.stdout.write(msgspec.json.encode(value).decode() + "\n")
    sys.stdout.flush()


def describe(error: CarnetError) -> dict[str, object]:
    """An error as ``--json`` tells it."""
    told: dict[str, object] = {
        "code": error.code,
        "kind": CATALOGUE[error.code].kind.value,
        "french": sentence(error, "fr"),
        "english": sentence(error, "en"),
        "remedy_french": remedy(error, "fr"),
        "remedy_english": remedy(error, "en"),
    }
    if error.element:
        told["element"] = error.element
    if isinstance(error, SettingsError):
        told["faults"] = [
            describe(CarnetError(fault.code, fault.element, **fault.params))
            for fault in error.faults
        ]
    return told


def show_error(error: CarnetError, *, as_json: bool) -> None:
    """Tell an error: a sentence and its remedy on stderr, or an object on stdout."""
    if as_json:
        json_line({"error": describe(error)})
        return
    chosen = language()
    where = f" ({error.element})" if error.element else ""
    colon = " :" if chosen == "fr" else ":"
    print(
        f"carnet{colon} {sentence(error, chosen)}{where} {remedy(error, chosen)}", file=sys.stderr
    )
    if isinstance(error, SettingsError):
        for line in error.lines(chosen):
            print(f"  - {line}", file=sys.stderr)


class Progress(Protocol):
    """A bar to move."""

    def __call__(self, done: int = 1) -> None:
        """So much more is done."""


@contextmanager
def progress(label: str, total: int | None, *, quiet: bool = False) -> Iterator[Progress]:
    """A progress bar on stderr for long work; nothing where nobody looks (no terminal, --json)."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done=1: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    bar = Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with bar:
        task = bar.add_task(label, total=total)
        yield lambda done=1: bar.advance(task, done)
