"""A query is written once with SQLAlchemy Core, compiled once per dialect, run on the raw driver.

Parameters travel as tuples in the order a statement declares, so that a batch of writes can cross
the ledger's socket without names. No statement holds an ``IN`` list: such a list is expanded at
every run and would defeat the one compilation.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Literal, cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import ClauseElement

if TYPE_CHECKING:
    from sqlalchemy.sql.elements import CompilerElement

DialectName = Literal["sqlite", "postgresql"]
Row = tuple[Any, ...]
Upsert = Callable[[Table], Any]

_postgresql: Any = postgresql.psycopg.dialect
_DIALECTS: dict[str, Any] = {
    "sqlite": sqlite.dialect(paramstyle="qmark"),
    "postgresql": _postgresql(paramstyle="numeric_dollar"),
}
_UPSERTS: dict[str, Upsert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

_CATALOGUE: dict[str, Statement] = {}


class Compiled:
    """A statement for one dialect: its SQL and the way from declared order to driver order.

    ``types`` are the types of the values in driver order (``big_integer``, ``large_binary``,
    ``small_integer``, ``integer``, ``text``), for a driver that must know them.
    """

    __slots__ = ("arrange", "sql", "types")

    def __init__(
        self, sql: str, arrange: Callable[[Sequence[Any]], Row], types: tuple[str, ...]
    ) -> None:
        self.sql = sql
        self.arrange = arrange
        self.types = types


class Statement:
    """One named query; ``params`` is the order in which its values are given.

    ``build`` takes the dialect's ``insert`` (for upserts) and gives the Core expression, whose
    bind parameters are exactly ``params``.
    """

    def __init__(self, name: str, params: str, build: Callable[[Upsert], ClauseElement]) -> None:
        self.name = name
        self.params = tuple(params.split())
        self._build = build
        self._compiled: dict[str, Compiled] = {}
        if name in _CATALOGUE:
            raise ValueError(f"two statements are called {name}")
        _CATALOGUE[name] = self

    def compiled(self, dialect: DialectName) -> Compiled:
        """The SQL for a dialect, compiled at the first call."""
        found = self._compiled.get(dialect)
        if found is None:
            found = self._compiled[dialect] = self._compile(dialect)
        return found

    def _compile(self, dialect: DialectName) -> Compiled:
        expression = cast("CompilerElement", self._build(_UPSERTS[dialect]))
        compiled: Any = expression.compile(dialect=_DIALECTS[dialect])
        constants = {k: v for k, v in compiled.params.items() if k not in self.params}
        if len(compiled.params) - len(constants) != len(self.params) or None in constants.values():
            raise ValueError(f"{self.name}: {sorted(compiled.params)} against {self.params}")
        names = (*self.params, *constants)
        placed = compiled.positiontup or ()
        arrange = _arrangement([names.index(name) for name in placed], tuple(constants.values()))
        types = tuple(compiled.binds[name].type.__visit_name__ for name in placed)
        return Compiled(str(compiled), arrange, types)


def _arrangement(order: list[int], fixed: Row) -> Callable[[Sequence[Any]], Row]:
    """The cheapest function from declared order (and the statement's constants) to the driver's."""
    if order == list(range(len(order))) and not fixed:
        return tuple
    if len(order) == 1:
        only = order[0]
        return lambda values: (values[only],)
    pick = itemgetter(*order)
    return (lambda values: pick((*values, *fixed))) if fixed else pick


@lru_cache(maxsize=1)
def _load_catalogue() -> dict[str, Statement]:
    # The modules that declare statements.
    from carnet.storage import arranged, derived, reads, writes
    from carnet.storage.verify import reads as verify_reads

    del arranged, derived, reads, writes, verify_reads
    return _CATALOGUE


def statement(name: str) -> Statement:
    """The statement of that name. Raises ``KeyError``."""
    found = _CATALOGUE.get(name)
    return found if found is not None else _load_catalogue()[name]


def all_statements() -> list[Statement]:
    """Every statement, for tests that compile or plan all of them."""
    return list(_load_catalogue().values())
