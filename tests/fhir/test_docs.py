"""docs/fhir.md names every route, parameter and extension."""

from __future__ import annotations

from pathlib import Path

import pytest

from carnet.fhir.document_params import DOCUMENTS
from carnet.fhir.interactions.capabilities import SEARCHES
from carnet.fhir.routes import REFUSALS, ROUTES, Route
from carnet.formats.fhir import urls

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "fhir.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_every_route_stands_in_the_page_with_its_scopes(route: Route) -> None:
    asked = "?identifier=" if route.text == "TD0.2" and route.method == "GET" else ""
    start = f"| `{route.method} {route.path}{asked}` |"
    line = next(line for line in PAGE.splitlines() if line.startswith(start))
    assert all(f"`{scope}`" in line for scope in route.scopes)


@pytest.mark.parametrize("kind", sorted(SEARCHES))
def test_every_parameter_stands_in_its_section(kind: str) -> None:
    text = section(kind)
    assert [p["name"] for p in SEARCHES[kind] if f"| `{p['name']}` |" not in text] == []


def test_parameters_that_come_later_are_named() -> None:
    text = section("DocumentReference")
    assert [name for name in sorted(DOCUMENTS.later) if f"`{name}`" not in text] == []


def test_every_refused_transaction_is_named() -> None:
    assert {item.code for item in REFUSALS if f"`{item.code}`" not in PAGE} == set()


def test_every_name_of_carnet_and_of_the_dmp_guide_is_described() -> None:
    own = [
        value
        for value in vars(urls).values()
        if isinstance(value, str)
        and value.startswith((urls.CARNET, urls.DMP))
        and value not in (urls.CARNET, urls.DMP, urls._OWN)
    ]
    assert len(own) > 12
    unnamed = {value for value in own if value not in PAGE}
    assert unnamed <= {urls.ERRORS, urls.DMP_CLOSING_REASON}
