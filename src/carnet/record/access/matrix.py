"""The matrix profession × type of document (*matrice d'habilitation*; domain §5, rule 7).

Data that anyone can read: ``data/matrix.tsv``. An operator replaces it by a file of the same form,
which the head of that file explains.
"""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

import msgspec

from carnet.record.access.professions import base_profession
from carnet.record.errors import CarnetError

_LETTERS = {"Y": (True, True), "N": (False, True), "y": (True, False), "n": (False, False)}
_FIXED_COLUMNS = ("type", "class", "label")


class Cell(msgspec.Struct, frozen=True):
    """Whether a profession may read a type once authorised, and whether a public source says so."""

    may_read: bool
    sourced: bool


class Matrix:
    """The law's default of who may read what. Immutable once made.

    ``professions`` maps code → label; ``groups`` a role's code of J01 → the group whose column it
    takes; ``cells`` (profession or group, type) → cell.
    """

    def __init__(
        self,
        professions: dict[str, str],
        groups: dict[str, str],
        types: dict[str, str],
        cells: dict[tuple[str, str], Cell],
    ) -> None:
        self.professions = professions
        self.groups = groups
        self.types = types
        self.cells = cells

    @cached_property
    def _permitted(self) -> dict[str, frozenset[str]]:
        by_column = {
            column: frozenset(t for t in self.types if self.cells[column, t].may_read)
            for column in self.professions
        }
        return by_column | {code: by_column[group] for code, group in self.groups.items()}

    def cell(self, profession: str | None, type_code: str) -> Cell | None:
        """The cell of a profession (with or without specialty) and a type; None: not there."""
        base = base_profession(profession)
        return self.cells.get((self.groups.get(base, base), type_code))

    def permitted_types(self, profession: str | None) -> frozenset[str]:
        """The types that a profession may read once authorised; empty for an unknown one."""
        return self._permitted.get(base_profession(profession), frozenset())

    def permitted_list(self, profession: str | None) -> tuple[str, ...]:
        """The same in a stable order, for a query or a key."""
        return tuple(sorted(self.permitted_types(profession)))


def parse_matrix(text: str) -> Matrix:
    """The matrix of a file's text. Raises ``CarnetError('matrix-malformed', 'line N', why=)``."""
    professions: dict[str, str] = {}
    groups: dict[str, str] = {}
    types: dict[str, str] = {}
    cells: dict[tuple[str, str], Cell] = {}
    columns: list[str] | None = None
    for number, line in enumerate(text.splitlines(), start=1):
        fields = line.rstrip("\r").split("\t")
        where = f"line {number}"
        if not line.strip() or line.startswith("#"):
            continue
        if fields[0] == "@profession":
            code, label = _exactly_two(fields, where)
            professions[code] = label
        elif fields[0] == "@group":
            group, codes = _exactly_two(fields, where)
            groups.update(dict.fromkeys(codes.split(), group))
        elif columns is None:
            columns = _heading(fields, professions, where)
        else:
            _row(fields, columns, types, cells, where)
    if columns is None or not types:
        raise CarnetError("matrix-malformed", "line 1", why="no table")
    unknown = sorted(set(groups.values()) - set(columns))
    if unknown:
        raise CarnetError("matrix-malformed", "@group", why=f"no column {unknown[0]}")
    return Matrix(professions, groups, types, cells)


def _exactly_two(fields: list[str], where: str) -> tuple[str, str]:
    if len(fields) != 3 or not all(fields):
        raise CarnetError("matrix-malformed", where, why="two values expected")
    return fields[1], fields[2]


def _heading(fields: list[str], professions: dict[str, str], where: str) -> list[str]:
    columns = fields[len(_FIXED_COLUMNS) :]
    if tuple(fields[: len(_FIXED_COLUMNS)]) != _FIXED_COLUMNS:
        raise CarnetError("matrix-malformed", where, why="type, class, label expected")
    if len(set(columns)) != len(columns) or set(columns) != set(professions):
        raise CarnetError("matrix-malformed", where, why="columns are not the @profession lines")
    return columns


def _row(
    fields: list[str],
    columns: list[str],
    types: dict[str, str],
    cells: dict[tuple[str, str], Cell],
    where: str,
) -> None:
    type_code, letters = fields[0], fields[len(_FIXED_COLUMNS) :]
    if len(letters) != len(columns):
        raise CarnetError("matrix-malformed", where, why=f"{len(columns)} cells expected")
    if type_code in types:
        raise CarnetError("matrix-malformed", where, why="type given twice")
    if not set(letters) <= set(_LETTERS):
        raise CarnetError("matrix-malformed", where, why="cells are Y, N, y or n")
    types[type_code] = fields[2]
    for column, letter in zip(columns, letters, strict=True):
        may_read, sourced = _LETTERS[letter]
        cells[column, type_code] = Cell(may_read, sourced)


def load_matrix(path: Path | None = None) -> Matrix:
    """The matrix of a file, or the packaged one (read once).

    Raises ``CarnetError('matrix-malformed')``, and ``OSError`` where the file cannot be read.
    """
    return _packaged() if path is None else parse_matrix(path.read_text(encoding="utf-8"))


@cache
def _packaged() -> Matrix:
    data = files("carnet.record.access").joinpath("data/matrix.tsv")
    return parse_matrix(data.read_text(encoding="utf-8"))


def permitted_types(profession: str | None, matrix: Matrix | None = None) -> frozenset[str]:
    """The types that a profession may read once authorised, by the packaged matrix or another."""
    return (matrix or load_matrix()).permitted_types(profession)
