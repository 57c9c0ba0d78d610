"""The pages, one module each: ``ROUTES`` and the functions that answer them."""

from __future__ import annotations

from starlette.routing import BaseRoute

from carnet.portal.pages import accessibility, design, home, settings
from carnet.record.store_kind import StoreKind

_EVERYWHERE = (home, accessibility, settings)
_WITHOUT_PRODUCTION = (design,)


def routes_of(kind: StoreKind) -> list[BaseRoute]:
    """The routes of a store of this kind."""
    modules = _EVERYWHERE if kind is StoreKind.PRODUCTION else _EVERYWHERE + _WITHOUT_PRODUCTION
    return [route for module in modules for route in module.ROUTES]
