"""A tab of Chromium that tells whatever a page does beyond being read."""

from __future__ import annotations

from urllib.parse import urlsplit

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Dialog,
    Page,
    ProxySettings,
    Request,
)

_PROVOKE = """async () => {
  // Whatever an event could start, starts; links that a person may follow are held back.
  addEventListener("click", (event) => event.preventDefault(), {capture: true});
  addEventListener("submit", (event) => event.preventDefault(), {capture: true});
  const body = document.querySelector(".reader");
  for (const node of body.querySelectorAll("*")) {
    for (const name of ["pointerenter", "mouseover", "mousemove", "focus", "focusin", "load",
                        "error", "click", "toggle", "animationstart", "scroll"]) {
      const click = name === "click" || name.startsWith("mouse");
      const make = click ? MouseEvent : Event;
      node.dispatchEvent(new make(name, {bubbles: true, cancelable: true}));
    }
  }
  for (let turn = 0; turn < 3; turn += 1) await new Promise(requestAnimationFrame);
  await new Promise((done) => setTimeout(done));
}"""
_SEEN = """() => [...document.querySelectorAll(".reader-body")]
  .filter((node) => !node.closest("noscript"))
  .map((node) => node.innerText).join(" ").split(/\\s+/).join(" ").trim()"""

NOWHERE = ProxySettings(server="http://127.0.0.1:9", bypass="127.0.0.1")
"""For a context: requests to elsewhere are seen and end here, not even a name is asked for."""


class Watch:
    """What pages of a context do: requests to elsewhere, dialogs, moves, errors."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self._base = urlsplit(base).netloc
        self.faults: list[str] = []
        self._page: Page | None = None
        context.on("request", self._asked)
        context.on("page", self._opened)
        context.on("dialog", self._dialog)
        context.on("console", self._told)
        context.on("weberror", lambda error: self.faults.append(f"error: {error.error}"))

    def follow(self, page: Page) -> None:
        """Watch where a tab goes."""
        self._page = page
        page.on("download", lambda download: self.faults.append(f"download: {download.url}"))
        page.on("framenavigated", lambda frame: self._moved(frame.url, main=not frame.parent_frame))

    def _asked(self, request: Request) -> None:
        url = urlsplit(request.url)
        if url.netloc != self._base and url.scheme != "blob":
            self.faults.append(f"asked {request.url}")

    def _opened(self, page: Page) -> None:
        if self._page is not None:
            self.faults.append(f"opened {page.url}")

    def _dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _told(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.faults.append(f"console: {message.text}")

    def _moved(self, url: str, *, main: bool) -> None:
        wanted = urlsplit(url)
        if not main:
            self.faults.append(f"a frame with {url}")
        elif wanted.netloc != self._base or not wanted.path.startswith(("/with/", "/without/")):
            self.faults.append(f"went to {url}")


def seen(page: Page) -> str:
    """The words of the document that a person sees, blanks as one."""
    found: str = page.evaluate(_SEEN)
    return found


def provoke(page: Page) -> bool:
    """Start whatever can be started, and wait for it. Whether a script of the document ran."""
    page.evaluate(_PROVOKE)
    return bool(page.evaluate("() => 'marked' in window || document.title !== 'Essai · Carnet' "
                              "&& document.title !== 'Essai'"))  # fmt: skip
