from __future__ import annotations

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from carnet.cli import COMMANDS
from carnet.record.catalogue import AREAS, CATALOGUE, remedy, sentence
from carnet.record.errors import CarnetError
from tools.write_docs import PAGES

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-fuzz.lock")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def names(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[>=<;]", line)[0].strip() for line in requirements}


@pytest.mark.parametrize("name", sorted(PAGES))
def test_pages_from_the_code_are_up_to_date(name: str) -> None:
    assert read(f"docs/{name}") == PAGES[name](), "run `make docs`"


def test_a_code_belongs_to_one_area() -> None:
    codes = Counter(code for area in AREAS for code in area.ENTRIES)
    assert [code for code, times in codes.items() if times > 1] == []
    assert set(codes) == set(CATALOGUE)


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_every_code_speaks_both_languages(code: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", code)
    for language in ("fr", "en"):
        told = sentence(CarnetError(code), language) + remedy(CarnetError(code), language)
        assert not re.search(r"\{\w+\}", told)
        assert told.endswith((".", "?"))


def test_every_dependency_is_explained() -> None:
    page = read("docs/dependencies.md")
    wanted = names(PROJECT["dependencies"])
    for extra in PROJECT["optional-dependencies"].values():
        wanted |= names(extra)
    assert [name for name in sorted(wanted) if f"| `{name}` |" not in page] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_every_dependency_with_hashes_and_names_no_host(lock: str) -> None:
    text = read(lock)
    locked = {match[1].lower() for match in re.finditer(r"^([\w.-]+)==", text, re.MULTILINE)}
    extras = {
        "requirements.lock": ("build",),
        "requirements-test.lock": ("build", "test"),
        "requirements-fuzz.lock": ("fuzz",),
    }
    wanted = names(PROJECT["dependencies"])
    for extra in extras[lock]:
        wanted |= names(PROJECT["optional-dependencies"][extra])
    assert {re.sub(r"[-_.]+", "-", name) for name in wanted} <= locked
    assert "://" not in text
    packages = text.split("\n\n") if "\n\n" in text else re.split(r"\n(?=\S)", text.strip())
    assert all("--hash=sha256:" in package for package in packages)


@pytest.mark.parametrize("lock", LOCKS[1:])
def test_the_locks_agree(lock: str) -> None:
    one, other = (
        dict(re.findall(r"^([\w.-]+)==(\S+)", read(name), re.MULTILINE))
        for name in (LOCKS[0], lock)
    )
    assert {name: other.get(name, one[name]) for name in one} == one


def test_every_task_has_a_line_of_help() -> None:
    makefile = read("Makefile")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony is not None
    helped = set(re.findall(r"^([a-z-]+):[^#\n]*## \S", makefile, re.MULTILINE))
    assert set(phony[1].split()) - helped == {"test-needs"}


def test_every_command_stands_in_the_readme() -> None:
    readme = read("README.md")
    assert [name for name in COMMANDS if f"carnet {name}" not in readme] == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    dead = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert dead == []


def test_every_claim_of_a_token_is_documented() -> None:
    from carnet.usecases.tokens.claims import AccessClaims, CallerClaim

    page = read("docs/tokens.md")
    fields = [*AccessClaims.__struct_fields__, *CallerClaim.__struct_fields__]
    assert [name for name in fields if f"`{name}`" not in page] == []


def test_the_licence_is_apache_2() -> None:
    assert PROJECT["license"] == "Apache-2.0"
    text = read("LICENSE")
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text
