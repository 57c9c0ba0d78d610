"""``carnet feed``: the operator's import of CDA documents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from carnet.cli.common import Common, settings_of
from carnet.record.errors import CarnetError

if TYPE_CHECKING:
    from carnet.settings import Settings
    from carnet.usecases.gate import Gate
    from carnet.usecases.policy import Policy

_PIECE = 1 << 20
_REFUSED = 1


class FileContent:
    """A document as a file, read anew each time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.size = path.stat().st_size

    def chunks(self) -> Iterator[bytes]:
        """The bytes in pieces of 1 MiB."""
        with self._path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece


def feed(
    *files: Annotated[Path, Parameter(name="FILE", negative="")],
    common: Common | None = None,
    strict: Annotated[
        bool,
        Parameter(
            help="Refuse what is otherwise stored and marked: wrong keys of INS or identifiers, "
            "other traits or another OID of a known matricule, a replaced document that is absent.",
            negative="",
            show_default=False,
        ),
    ] = False,
    production: Annotated[
        bool,
        Parameter(
            help="Make a production store, where none stands.", negative="", show_default=False
        ),
    ] = False,
) -> int:
    """Import CDA documents, each into the record of its INS, as the operator.

    An empty or absent directory becomes a test store (--production: a production store). A record
    is opened where the INS has none. Prints a line a file: stored, identical or refused, with the
    codes of warnings (docs/errors.md); the exit status is 1 where one was refused.
    """
    import asyncio

    from carnet.record.store_kind import StoreKind

    settings = settings_of(common)
    as_json = common is not None and common.json
    _make_if_absent(settings, StoreKind.PRODUCTION if production else StoreKind.TEST)
    return asyncio.run(_feed_all(settings, files, strict=strict, as_json=as_json))


def _make_if_absent(settings: Settings, kind: object) -> None:
    from carnet.cli.stores import data_of, make_store
    from carnet.record.store_kind import StoreKind
    from carnet.storage.facts import stored_facts

    directory = data_of(settings)
    try:
        stored_facts(directory, settings.keys_database)
    except CarnetError as error:
        if error.code != "store-absent":
            raise
        make_store(settings, settings.kind or StoreKind(str(kind)))


async def _feed_all(
    settings: Settings, files: tuple[Path, ...], *, strict: bool, as_json: bool
) -> int:
    import msgspec

    from carnet.app import gate_of
    from carnet.cli.output import json_line, progress
    from carnet.cli.stores import opened
    from carnet.record.store_kind import StoreKind

    status = 0
    async with opened(settings) as store:
        gate = gate_of(store, settings)
        lenient = store.kind is not StoreKind.PRODUCTION
        policy = msgspec.structs.replace(gate.policy, mark_identity=True, accept_wrong_key=lenient)
        if strict:
            policy = policy.strict()
        with progress("Feeding", len(files), quiet=as_json) as bar:
            for path in files:
                line = await _feed_one(gate, policy, path)
                status = _REFUSED if line["status"] == "refused" else status
                if as_json:
                    json_line(line)
                else:
                    _show(line)
                bar()
    return status


async def _feed_one(gate: Gate, policy: Policy, path: Path) -> dict[str, object]:
    from carnet.usecases.importing import import_document
    from carnet.usecases.requests import DeclaredEntry, SubmittedDocument

    line: dict[str, object] = {"file": str(path)}
    try:
        document = SubmittedDocument(_content(path), DeclaredEntry())
        result = await import_document(gate, document, policy)
    except CarnetError as error:
        line |= {"status": "refused", "uniqueId": None, "warnings": [], "code": error.code}
        if error.element:
            line["element"] = error.element
        return line
    line |= {
        "status": str(result.status),
        "uniqueId": result.unique_id,
        "warnings": list(dict.fromkeys(notice.code for notice in result.warnings)),
        "code": None,
    }
    return line


def _content(path: Path) -> FileContent:
    try:
        return FileContent(path)
    except OSError:
        raise CarnetError("file-unreadable", str(path)) from None


def _show(line: dict[str, object]) -> None:
    warnings = line["warnings"]
    told = line["code"] or (", ".join(warnings) if isinstance(warnings, list) else "")
    print(f"{line['status']!s:<10} {line['file']}  {told}".rstrip())
