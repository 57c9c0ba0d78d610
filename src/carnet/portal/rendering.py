"""From a template and its values to a page: Jinja2, escaped always, nothing undefined.

What every template may call stands in ``_globals`` and is documented in ``docs/portal.md``. While a
page is written, its manner, its day and the icons that it uses are ambient (``_page``), so that a
component needs no more than its own values.
"""

from __future__ import annotations

from contextvars import ContextVar
from datetime import date, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import missing
from markupsafe import Markup
from starlette.responses import HTMLResponse

from carnet.portal import dates, words
from carnet.portal.assets import Assets
from carnet.portal.manner import Manner


class _Page:
    """What is ambient while one page is written."""

    def __init__(self, manner: Manner, today: date) -> None:
        self.manner = manner
        self.today = today
        self.icons: dict[str, None] = {}


_page: ContextVar[_Page] = ContextVar("page")


class Absent(StrictUndefined):
    """A name that is not there is an error; a member that a value may lack counts as false.

    ``{% if item.current %}`` asks a value whether it has something; printing it would still fail.
    """

    __slots__ = ()

    def __bool__(self) -> bool:  # type: ignore[override]  # the one thing that is not strict
        if self._undefined_obj is missing:
            self._fail_with_undefined_error()
        return False


class Renderer:
    """Writes pages from the templates of the package."""

    def __init__(self, assets: Assets, root: str = "") -> None:
        self._assets = assets
        self._root = root
        self.environment = Environment(
            loader=PackageLoader("carnet.portal"),
            autoescape=True,
            undefined=Absent,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
            extensions=["jinja2.ext.i18n"],
        )
        self.environment.install_gettext_callables(  # type: ignore[attr-defined]  # of i18n
            words.gettext, words.ngettext, newstyle=True
        )
        self.environment.globals |= self._globals()
        self.environment.filters |= {
            "number": words.number,
            "when": _when,
            "day": _day,
            "date": dates.full,
        }

    def _globals(self) -> dict[str, Any]:
        return {
            "asset": self._asset,
            "assets_folder": lambda: self._root + self._assets.folder(),
            "link": self._link,
            "icon": self._icon,
            "icon_symbols": self._symbols,
        }

    def page(
        self,
        template: str,
        manner: Manner,
        now: datetime,
        values: dict[str, Any],
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> HTMLResponse:
        """A whole page, or a part of one for htmx: the template decides."""
        page = _Page(manner, now.astimezone(dates.PARIS).date())
        token = _page.set(page)
        try:
            with words.speaking(manner.language):
                found = self.environment.get_template(template)
                text = found.render(values, manner=manner, today=page.today)
        finally:
            _page.reset(token)
        return HTMLResponse(text, status, headers)

    def _asset(self, name: str) -> str:
        """The address of a file. Raises ``KeyError`` where there is none."""
        return self._root + self._assets.url(name)

    def _link(self, path: str) -> str:
        """The address of a page, wherever the portals are mounted."""
        return self._root + path

    def _icon(self, name: str, label: str = "") -> Markup:
        """An icon of Lucide; with a label where no word stands beside it."""
        self._assets.drawing(name)  # a name that is none fails here, not in a browser
        _page.get().icons[name] = None
        if label:
            named = Markup('role="img" aria-label="{}"').format(label)
        else:
            named = Markup('aria-hidden="true"')
        form = '<svg class="icon" viewBox="0 0 24 24" {}><use href="#icon-{}"/></svg>'
        return Markup(form).format(named, name)  # noqa: S704  a constant, its parts escaped

    def _symbols(self) -> Markup:
        """The drawings of the icons used so far, once each: the last thing of a page or a part."""
        icons = _page.get().icons
        if not icons:
            return Markup("")
        form = Markup('<symbol id="icon-{}" viewBox="0 0 24 24">{}</symbol>')
        symbols = Markup("").join(form.format(name, self._assets.drawing(name)) for name in icons)
        whole = '<svg class="icon-symbols" width="0" height="0" aria-hidden="true">{}</svg>'
        return Markup(whole).format(symbols)  # noqa: S704  a constant, its parts escaped


def _when(value: dates.When) -> Markup:
    """``{{ date | when }}``: a ``<time>`` element."""
    return dates.time_element(value, _page.get().today)


def _day(value: dates.When) -> str:
    """``{{ date | day }}``: the words alone, for use inside a sentence or an attribute."""
    return dates.day(value, _page.get().today)
