"""What the pictures and the explained words of the portals cost: ``python -m bench.pictures``.

Makes each picture of invented values, geometry and SVG with its table, and marks the words of
100 KB of text (the glossary's own sentences, repeated). Processor time in milliseconds, the median
of twenty runs; the first run, which compiles the templates, does not count.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import date, timedelta

from carnet.portal import charts
from carnet.portal.charts import Document, Episode, Pressure
from carnet.portal.explained import Explainer
from carnet.record.words import words
from tests.portal.charts.samples import RANGES, TODAY, environment, link, macro, many

RUNS = 20
SIZES = (0, 1, 5, 60, 500, 10_000)
TEXT = 100_000  # letters


def cost(make: Callable[[], object]) -> float:
    """The processor time of a call, in milliseconds."""
    make()
    taken = []
    for _ in range(RUNS):
        begin = time.process_time()
        make()
        taken.append((time.process_time() - begin) * 1000)
    return statistics.median(taken)


def record(count: int) -> tuple[list[Document], list[Episode]]:
    """A record of so many documents since 1950, one in thirty of them an episode."""
    days = [str(date(1950, 1, 1) + timedelta(days=i * 27_000 // count)) for i in range(count)]
    documents = [Document(day, f"Prise de sang {i}", f"/d/{i}") for i, day in enumerate(days)]
    return documents, [Episode(f"Suivi {i}", day) for i, day in enumerate(days[::30])]


def main() -> None:
    """Print a line a picture."""
    env = environment()
    print("picture, values                         ms")
    for size in SIZES:
        points = many(size)
        takings = [Pressure(point, point) for point in points]
        made: dict[str, Callable[[], object]] = {
            "sparkline": lambda p=points: macro(  # type: ignore[misc]  # bound early
                env, "sparkline", "sparkline", charts.sparkline("x", p)
            ),
            "trend": lambda p=points: macro(env, "trend", "trend", charts.trend("x", p), "a"),  # type: ignore[misc]  # bound early
            "pressure": lambda p=takings: macro(  # type: ignore[misc]  # bound early
                env, "pressure", "pressure", charts.pressure("x", p), "a"
            ),
        }
        for name, make in made.items():
            print(f"{name + ', ' + str(size):38} {cost(make):6.2f}")
    point = RANGES["HbA1c"]
    bar = cost(lambda: macro(env, "range", "range_bar", charts.range_bar("x", point)))
    print(f"{'range bar':38} {bar:6.2f}")
    for count in (1_000, 10_000):
        documents, episodes = record(count)
        for step in ("", "2016", "2016-11"):
            zoom = charts.zoom_from(step)
            life = cost(
                lambda d=documents, e=episodes, z=zoom: macro(  # type: ignore[misc]  # bound early
                    env, "lifeline", "life_line", charts.life_line(d, e, z, TODAY, link), "a"
                )
            )
            print(f"{'life line, ' + str(count) + ' documents, ' + (step or 'all'):38} {life:6.2f}")
    told = "".join(f"<p>{word.explanation}</p>" for word in words() if word.explanation)
    text = (told * (TEXT // len(told) + 1))[:TEXT]
    explainer = Explainer(env.get_template("components/word.html").module.word)  # type: ignore[attr-defined]  # a macro
    print(f"{'words of 100 KB explained':38} {cost(lambda: explainer.html(text, 'w')):6.2f}")


if __name__ == "__main__":
    main()
