"""Files that browsers load: named after all of them, complete, or said to be missing."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from carnet.portal.app import LogLine, Portal, Services, build_portal
from carnet.portal.assets import HERE, NEEDED, Assets
from carnet.record.events import Event
from carnet.record.store_kind import StoreKind


class Place:
    def begin(self, *, waived: bool = False) -> None:
        del waived

    def end(self) -> None:
        pass


def portal_of(assets: Assets, told: list[LogLine], base: str = "https://carnet.example") -> Portal:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    return build_portal(
        Services(StoreKind.PRODUCTION, base, lambda: now, told.append, Place), assets
    )


def asked(portal: Portal, path: str, headers: tuple[tuple[bytes, bytes], ...] = ()) -> Any:
    """The status, headers and body of an answer."""
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": list(headers),
        "scheme": "https",
    }
    asyncio.run(portal(scope, receive, send))
    head = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], head, b"".join(part.get("body", b"") for part in sent[1:])


def test_what_make_assets_brings_is_all_that_pages_need() -> None:
    assert Assets().missing == (), "run `make assets`"


def test_the_hash_follows_every_file(tmp_path: Path) -> None:
    shutil.copytree(HERE / "static", tmp_path / "static")
    before = Assets(tmp_path / "static", tmp_path / "none").hash
    assert Assets(tmp_path / "static", tmp_path / "none").hash == before
    (tmp_path / "static" / "js" / "say.js").write_text("// changed")
    assert Assets(tmp_path / "static", tmp_path / "none").hash != before


def test_without_its_files_every_page_says_so_and_what_to_do(tmp_path: Path) -> None:
    told: list[LogLine] = []
    assets = Assets(vendor=tmp_path / "none")
    assert assets.missing == (*NEEDED, "vendor/icons.json")
    status, headers, body = asked(portal_of(assets, told), "/")
    assert (status, headers["retry-after"]) == (503, "2")
    assert "make assets" in body.decode()
    assert "Rien n’est perdu" in body.decode()
    assert [(line.event, line.code) for line in told] == [
        (Event.PORTAL_REFUSED, "portal-assets-missing")
    ]


def test_production_has_no_page_of_components() -> None:
    assert asked(portal_of(Assets(), []), "/design")[0] == 404


@pytest.mark.parametrize(
    ("path", "status"), [("/dmp/", 200), ("/", 404), ("/dmpx", 404), ("/dmp/affichage", 200)]
)
def test_the_portals_stand_below_the_public_address(path: str, status: int) -> None:
    portal = portal_of(Assets(), [], "https://carnet.example/dmp")
    got, _, body = asked(portal, path)
    assert got == status
    assert b'href="/static' not in body


def test_the_log_is_told_the_pattern_and_never_the_path() -> None:
    told: list[LogLine] = []
    asked(portal_of(Assets(), told), "/jeanne-moreau")
    assert [line.route for line in told] == ["GET ?"]
