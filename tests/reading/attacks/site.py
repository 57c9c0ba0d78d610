"""A server of this machine that shows each document as the portal does, with its policy or without.

``/with/NAME`` is a page of the portal, ``/without/NAME`` one that nothing guards; the files that
they load are answered the same way.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, DictLoader

from carnet.portal.assets import Assets
from carnet.portal.headers import ALWAYS
from carnet.portal.manner import Manner
from carnet.portal.reader import ReaderAddresses, reader_values
from carnet.portal.rendering import Renderer
from carnet.reading.model import Pages, Readable
from carnet.reading.reader import Reader
from carnet.record.errors import CarnetError

CDA = "text/xml"
_PAGE = """{% extends "base.html" %}{% from "components/reader.html" import reader %}
{% block title %}Essai{% endblock %}
{% block body %}<main id="page"><h1>Essai</h1><h2>Document</h2>{{ reader(doc, "Essai") }}</main>
{% endblock %}"""
_BARE = """{% from "components/reader.html" import reader %}<!doctype html><html lang="fr">
<meta charset="utf-8"><title>Essai</title><link rel="icon" href="{{ asset('img/carnet.svg') }}">
<body>{{ reader(doc, "Essai") }}
<script type="module" src="{{ asset('js/reader.js') }}"></script>"""
_RAW = """<!doctype html><html lang="fr"><meta charset="utf-8"><title>Essai</title>
<main><div class="reader"><div class="reader-body">{}</div></div></main>"""
_MIME = {
    ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
    ".svg": "image/svg+xml", ".woff2": "font/woff2", ".wasm": "application/wasm",
}  # fmt: skip
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Site:
    """Documents by name; ``raw`` are pages that no reader has seen, to see that the watch sees."""

    def __init__(self, documents: dict[str, bytes], raw: dict[str, str]) -> None:
        self.documents = documents
        self.raw = raw
        self.readables: dict[str, Readable] = {}
        self._loop = asyncio.new_event_loop()
        self._reader = Reader(jobs=2)
        self._assets = Assets()
        self._renderer = Renderer(self._assets)
        environment = self._renderer.environment
        pages = {"with": _PAGE, "without": _BARE}
        environment.loader = ChoiceLoader([environment.loader, DictLoader(pages)])  # type: ignore[list-item]  # the renderer has set one
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.answer(self)

            def log_message(self, *_words: object) -> None:
                """Says nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._threads = [
            threading.Thread(target=self._loop.run_forever),
            threading.Thread(target=self._server.serve_forever),
        ]
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the server and the reading processes."""
        self._server.shutdown()
        self._server.server_close()
        self._wait(self._reader.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        for thread in self._threads:
            thread.join()
        self._loop.close()

    def readable(self, name: str) -> Readable:
        """The document as it was read."""
        if name not in self.readables:
            read = self._reader.read_document(self.documents[name], CDA, files=f"/files/{name}/")
            self.readables[name] = self._wait(read)
        return self.readables[name]

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """One request."""
        path = urlsplit(request.path).path
        guarded = "/with/" in path or "/with/" in request.headers.get("Referer", "")
        try:
            content, media_type = self._content(path)
            status = 200
        except (KeyError, ValueError, FileNotFoundError, CarnetError):
            content, media_type, status = b"", "text/plain", 404
        request.send_response(status)
        request.send_header("Content-Type", media_type)
        request.send_header("Content-Length", str(len(content)))
        if guarded or path.startswith("/static/"):
            for name, value in ALWAYS.items():
                if name != "referrer-policy":  # the referrer tells here which page asks
                    request.send_header(name, value)
        if path.startswith("/static/"):
            request.send_header("Cache-Control", "max-age=600, immutable")
        request.end_headers()
        request.wfile.write(content)

    def _content(self, path: str) -> tuple[bytes, str]:
        what, name, *more = path.strip("/").split("/")
        if what in ("with", "without"):
            return self._page(what, name), "text/html; charset=utf-8"
        if what == "static":
            found = self._assets._files["/".join(more)]
            content = found if isinstance(found, bytes) else found.read_bytes()
            return content, _MIME.get(Path(more[-1]).suffix, "application/octet-stream")
        if what == "copy":
            body = self.readable(name).body
            assert isinstance(body, Pages)
            return body.pdf, "application/pdf"
        if what == "pages":
            work = self._reader.page_picture(self.documents[name], CDA, int(more[0]))
        elif what == "files":
            file = int(more[0])
            work = self._reader.page_picture(self.documents[name], CDA, 1, inside=file)
        else:
            raise KeyError(path)
        picture = self._wait(work)
        return picture.content, picture.media_type

    def _page(self, policy: str, name: str) -> bytes:
        if name in self.raw:
            return _RAW.format(self.raw[name]).encode()
        at = ReaderAddresses(
            f"/original/{name}", f"/copy/{name}", f"/pages/{name}/", f"/files/{name}/"
        )
        values = {"doc": reader_values(self.readable(name), at, "fr")}
        return bytes(self._renderer.page(policy, Manner(), NOW, values).body)
