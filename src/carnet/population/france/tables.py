"""The frequencies as tables, for ``docs/population.md``: a test compares the page with them."""

from __future__ import annotations

from itertools import pairwise

from carnet.population.france.reading import courses, frequencies


def _bands() -> list[str]:
    ages = frequencies().ages
    ends = [f"{low}-{high - 1}" for low, high in pairwise(ages)]
    return [*ends, f"{ages[-1]}+"]


def _row(key: str, sex: str, line: tuple[float, ...]) -> str:
    return f"| `{key}` | {sex} | {' | '.join(f'{value:g}' for value in line)} |"


def frequency_table(*, yearly: bool) -> str:
    """Per thousand by age band, a line for each sex: what lasts, or what happens in a year."""
    head = ["course", "sex", *_bands()]
    lines = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    for key, form in frequencies().course.items():
        if form.yearly is yearly:
            lines += [_row(key, "M", form.men)] if form.men else []
            lines += [_row(key, "F", form.women)] if form.women else []
    return "\n".join(lines)


def share_table() -> str:
    """Households, records, documents and allergies: the name, and how often."""
    found = frequencies()
    total = sum(found.household.values())
    households = {key: weight / total for key, weight in found.household.items()}
    groups = (
        ("household", households),
        ("record", found.record),
        ("document", found.document),
        ("allergy", found.allergy),
    )
    lines = ["| what | | per cent |", "|---|---|---|"]
    lines += [
        f"| {group} | `{key}` | {share * 100:.3g} |"
        for group, shares in groups
        for key, share in shares.items()
    ]
    return "\n".join(lines)


def course_titles() -> str:
    """The courses with what a doctor calls them."""
    lines = ["| course | | problem | documents in eight years, about |", "|---|---|---|---|"]
    for key, form in courses().items():
        problems = ", ".join(f"`{one.is_}`" for one in form.problem)
        lines.append(f"| `{key}` | {form.title} | {problems} | {form.weight:g} |")
    return "\n".join(lines)
