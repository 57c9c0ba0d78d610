"""Measures what invented papers cost to make: milliseconds a document, for each style.

Each letter is another one (names, numbers and looks differ), so that only what a long run would
keep is kept. Run it on a quiet machine: ``python -m bench.paper [LETTERS]``.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable
from functools import partial

import msgspec

from carnet.formats.pdf import (
    Letter,
    Photograph,
    Scene,
    Table,
    look_of,
    render_letter,
    render_photograph,
    render_scan,
    scan_of,
)
from tests.formats.pdf.samples import SAMPLES

_PAGE = re.compile(rb"/Type /Page\b")


def _varied(letter: Letter, number: int) -> Letter:
    """The letter of another house about another person."""
    body = tuple(
        part if isinstance(part, Table) else f"{part}" + f" ({number})" * (part != "---")
        for part in letter.body
        if isinstance(part, str | Table)
    )
    patient = tuple(f"{line} {number}" for line in letter.patient)
    look = look_of(f"{letter.style} {number}")
    return msgspec.structs.replace(letter, body=body, patient=patient, look=look)


def _letter(sample: Letter, number: int) -> bytes:
    return render_letter(_varied(sample, number))


def _scan(sample: Letter, number: int) -> bytes:
    return render_scan(_varied(sample, number), scan_of(f"{sample.style}{number}"))


def _photograph(scene: Scene, number: int) -> bytes:
    lines = ("Date | Valeur", f"{number} | 12")
    return render_photograph(Photograph(f"Note {number}", lines, scene=scene, seed=str(number)))


def _measure(name: str, make: Callable[[int], bytes], count: int) -> None:
    make(0)
    sizes, pages = 0, 0
    begun = time.process_time()
    for number in range(1, count + 1):
        made = make(number)
        sizes += len(made)
        pages += max(1, len(_PAGE.findall(made)))
    spent = (time.process_time() - begun) * 1000
    print(
        f"{name:14} {spent / count:7.2f} ms a document {spent / pages:7.2f} ms a page"
        f" {pages / count:5.1f} pages {sizes / count / 1000:7.1f} kB"
    )


def main(count: int) -> None:
    """Letters as PDF, then scans of them, then photographs."""
    print(f"{count} documents a line\n\nletters")
    for style, sample in SAMPLES.items():
        _measure(style, partial(_letter, sample), count)
    print("\nscans")
    for style, sample in SAMPLES.items():
        _measure(style, partial(_scan, sample), count // 4)
    print("\nphotographs")
    for scene in Scene:
        _measure(scene, partial(_photograph, scene), count // 8)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
