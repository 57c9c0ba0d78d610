"""Writes the pages of ``docs/`` that come from the code: errors, events, settings, OpenAPI.

A test compares them with what stands in ``docs/``, so that they cannot fall behind.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path

import msgspec
from msgspec import inspect as shapes

from carnet.fhir.openapi import description
from carnet.record.catalogue import CATALOGUE
from carnet.record.events import EVENTS
from carnet.record.trace import ACTS
from carnet.settings.model import Issuer
from carnet.settings.shape import Setting, all_settings, bare, expected

DOCS = Path(__file__).resolve().parent.parent / "docs"
WRITTEN = "<!-- Written by `make docs` from the code: change it there. -->"


def errors_page() -> str:
    """docs/errors.md, from the catalogue."""
    rows = [
        f"### `{code}`\n\n"
        f"{entry.kind.value}, FHIR issue `{entry.issue}`.\n\n"
        f"- fr: {entry.french} *{entry.remedy_french}*\n"
        f"- en: {entry.english} *{entry.remedy_english}*\n"
        for code, entry in sorted(CATALOGUE.items())
    ]
    return _page(
        "Error codes",
        "Every refusal and every warning of Carnet has one of these codes, the same on every "
        "face. A code is stable; its sentences may be improved. After the sentence stands what "
        "to do about it. In a FHIR answer the code is `issue.details.coding.code`, the element "
        "`issue.expression`; the reference finds the log line. Words in braces are filled in.",
        "\n".join(rows),
    )


def events_page() -> str:
    """docs/events.md, from the enumerations of events and of the acts of a history."""
    rows = [
        f"| `{event.value}` | {entry.level.value} | {entry.meaning} |"
        for event, entry in sorted(EVENTS.items())
    ]
    acts = [f"| `{act.value}` | {meaning} |" for act, meaning in sorted(ACTS.items())]
    return _page(
        "Event codes",
        "The log is one JSON object a line: `at` (UTC), `level`, `event` (one of these codes), "
        "`pid`, `reference` where somebody was told one, and numbers, codes and places in the "
        "code. No health data and no identity stand in it. A code is never renamed.",
        "| event | level | meaning |\n| --- | --- | --- |\n" + "\n".join(rows) + "\n\n"
        "## Acts of a history\n\n"
        "Every trace of a record has one of these codes (`AuditEvent.subtype`), and an outcome: "
        "`permitted`, or `refused` with the code of the reason.\n\n"
        "| act | meaning |\n| --- | --- |\n" + "\n".join(acts) + "\n",
    )


def settings_page() -> str:
    """docs/settings.md, from the model of settings."""
    rows = [
        f"| `{setting.name}` | `{setting.variable}` | {expected(setting.info, 'en')} "
        f"| {_default(setting)} | {setting.description} |"
        for setting in all_settings().values()
    ]
    inner = [f"| `{field.name}` | {_meaning(field)} |" for field in msgspec.structs.fields(Issuer)]
    return _page(
        "Settings",
        "A start reads the defaults, then the TOML file that `--settings` or `CARNET_SETTINGS` "
        "names, then `CARNET_*` variables, then the command line; the later wins. Every fault is "
        "told at once, with its remedy, and nothing starts (exit status 78). `carnet settings` "
        "shows what is in force. Relative paths in a file start at the file's folder. An empty "
        "variable says nothing; an unknown one is a fault, save `CARNET_CORPUS` and "
        "`CARNET_TEST_*`, which are of test runs.",
        "| setting | variable | takes | default | meaning |\n"
        "| --- | --- | --- | --- | --- |\n" + "\n".join(rows) + "\n\n"
        "## Issuers of access tokens\n\n"
        "| member | meaning |\n| --- | --- |\n" + "\n".join(inner) + "\n\n"
        "## Example\n\n"
        "```toml\n"
        'kind = "production"\n'
        'data = "/srv/carnet"\n'
        'key_file = "/run/keys/carnet"\n'
        'public_base = "https://carnet.example"\n'
        'database = "postgresql://carnet@records.example/carnet"\n'
        'keys_database = "postgresql://carnet@keys.example/carnet"\n\n'
        "[documents]\n"
        'unknown_type = "accept"\n\n'
        "[[issuers]]\n"
        'iss = "https://login.example"\n'
        'jwks = "https://login.example/jwks"\n'
        "```\n",
    )


def openapi_page() -> str:
    """docs/openapi.json, from the tables of the FHIR face."""
    return description("https://carnet.example/fhir").decode()


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "events.md": events_page,
    "openapi.json": openapi_page,
    "settings.md": settings_page,
}


def _page(title: str, first: str, body: str) -> str:
    return f"# {title}\n\n{WRITTEN}\n\n{first}\n\n{body}"


def _default(setting: Setting) -> str:
    default = setting.default
    if isinstance(default, Enum):
        return f"`{default.value}`"
    if default is None or default == ():
        return "absent"
    return f"`{default}`"


def _meaning(field: msgspec.structs.FieldInfo) -> str:
    info = shapes.type_info(field.type)
    schema = info.extra_json_schema if isinstance(info, shapes.Metadata) else None
    return str((schema or {}).get("description", expected(bare(info), "en")))


def main() -> None:
    """Write every page."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
