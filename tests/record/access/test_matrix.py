"""The packaged matrix is the start table, cell by cell; an operator's file replaces it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from carnet.record.access.matrix import Cell, load_matrix, parse_matrix, permitted_types
from carnet.record.errors import CarnetError

START = Path(__file__).resolve().parents[4] / "shared" / "data" / "matrix" / "habilitation.tsv"

SMALL = """# two professions, two types
@profession\tG15_10\tMédecin
@profession\tROLE_SOIN\tRôle
@group\tROLE_SOIN\t353 360
type\tclass\tlabel\tG15_10\tROLE_SOIN
11502-2\t10\tCR d'examens biologiques\tY\tn
REMB\t60\tRemboursements\tN\ty
"""


def _start() -> list[dict[str, str]]:
    if not START.is_file():
        pytest.skip("the start table is not beside the project")
    with START.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_every_cell_of_the_start_table_is_packaged_with_its_basis() -> None:
    rows = _start()
    matrix = load_matrix()
    assert len(rows) == len(matrix.cells) == 4902
    assert {(row["profession_code"], row["type_code"]) for row in rows} == set(matrix.cells)
    wrong = [
        row
        for row in rows
        if matrix.cells[row["profession_code"], row["type_code"]]
        != Cell(may_read=row["may_read"] == "yes", sourced=row["basis"] == "source")
    ]
    assert wrong == []


def test_every_label_of_the_start_table_is_packaged() -> None:
    rows = _start()
    matrix = load_matrix()
    assert {row["profession_code"]: row["profession_label"] for row in rows} == matrix.professions
    assert {row["type_code"]: row["type_label"] for row in rows} == matrix.types


def test_156_cells_come_from_a_public_source() -> None:
    assert sum(cell.sourced for cell in load_matrix().cells.values()) == 156


def test_permitted_types_are_the_yes_cells_of_the_profession() -> None:
    matrix = load_matrix()
    for profession in matrix.professions:
        yes = {t for (p, t), cell in matrix.cells.items() if p == profession and cell.may_read}
        assert matrix.permitted_types(profession) == yes
        assert matrix.permitted_list(profession) == tuple(sorted(yes))


def test_a_specialty_takes_the_row_of_its_profession() -> None:
    assert permitted_types("G15_10/SM26") == permitted_types("G15_10")
    assert load_matrix().cell("G15_10/SM26", "ATTEST-RESID") == Cell(may_read=False, sourced=True)


@pytest.mark.parametrize("profession", [None, "", "G15_99", "SNR", "G15_1", "type", "G15_10 "])
def test_an_unknown_profession_reads_no_type(profession: str | None) -> None:
    assert permitted_types(profession) == frozenset()


@pytest.mark.parametrize("profession", ["41", "71", "72", "73", "93", "330", "331", "353", "359"])
def test_social_and_role_professions_are_off(profession: str) -> None:
    assert permitted_types(profession) == frozenset()


def test_an_unknown_type_has_no_cell() -> None:
    assert load_matrix().cell("G15_10", "00000-0") is None


def test_a_role_takes_the_column_of_its_group(tmp_path: Path) -> None:
    file = tmp_path / "matrix.tsv"
    file.write_text(SMALL, encoding="utf-8")
    matrix = load_matrix(file)
    assert matrix.permitted_types("353") == {"REMB"}
    assert matrix.cell("353", "REMB") == Cell(may_read=True, sourced=False)
    assert permitted_types("G15_10/SM26", matrix) == {"11502-2"}
    assert matrix.permitted_types("331") == frozenset()


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ("", "line 1"),
        (SMALL.replace("\tY\t", "\tyes\t"), "line 6"),
        (SMALL.replace("\tY\tn", "\tY"), "line 6"),
        (SMALL.replace("REMB\t60", "11502-2\t60"), "line 7"),
        (SMALL.replace("label\tG15_10", "label\tG15_40"), "line 5"),
        (SMALL.replace("type\tclass", "code\tclass"), "line 5"),
        (SMALL.replace("\tMédecin", ""), "line 2"),
        (SMALL.replace("@group\tROLE_SOIN", "@group\tROLE_AUTRE"), "@group"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(wrong: str, where: str) -> None:
    with pytest.raises(CarnetError) as refused:
        parse_matrix(wrong)
    assert (refused.value.code, refused.value.element) == ("matrix-malformed", where)
