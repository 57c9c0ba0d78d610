"""The gate is the only door: no face, command or use case reads a record past it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import carnet

PACKAGE = Path(carnet.__file__).parent

# What opens or changes records; the rest of carnet.storage makes, locks and checks stores.
RECORDS = frozenset(
    {"append", "blobs", "entries", "objects", "pages", "reads", "records", "sealed", "sealing"}
    | {"tracing", "writes"}
)


def modules(*packages: str) -> Iterator[tuple[str, ast.Module]]:
    """The modules of packages, or a module itself, by dotted name below ``carnet``."""
    for package in packages:
        place = PACKAGE / package.replace(".", "/")
        files = sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]
        for file in files:
            name = file.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
            yield name.removesuffix(".__init__"), ast.parse(file.read_text(encoding="utf-8"))


def storage_of(tree: ast.AST) -> set[str]:
    """Which modules of carnet.storage a module imports, in functions too."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if parts[:2] == ["carnet", "storage"]:
                found |= {parts[2]} if len(parts) > 2 else {alias.name for alias in node.names}
        elif isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[:2] == ["carnet", "storage"]:
                    found.add(parts[2] if len(parts) > 2 else "*")
    return found


# Faces


@pytest.mark.parametrize("package", ["fhir", "population", "record", "formats"])
def test_faces_and_capabilities_do_not_know_storage(package: str) -> None:
    for name, tree in modules(package):
        assert not storage_of(tree), name


# The processes and commands that touch more of storage than opening it, and why.
BESIDE_THE_GATE = {
    "worker": {"reads", "writes"},  # leases of the outbox: which record, which event, no content
}
COMMANDS_ON_CIPHERTEXT = {"cli.verify": {"verify"}, "cli.keys": {"keys", "ledger_thread"}}


def test_commands_and_processes_open_stores_and_no_records() -> None:
    for name, tree in modules("cli", "serve", "app", "worker"):
        touched = storage_of(tree) & RECORDS
        assert touched == BESIDE_THE_GATE.get(name, set()), name
    for name, wanted in COMMANDS_ON_CIPHERTEXT.items():
        (tree,) = (tree for found, tree in modules(name) if found == name)
        assert storage_of(tree) == wanted, name


def test_the_worker_reads_no_more_than_which_event_is_due() -> None:
    ((_, tree),) = modules("worker")
    used = {
        f"{node.value.id}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("reads", "writes")
    }
    assert used == {"reads.DUE_EVENTS", "writes.LEASE_EVENT", "writes.DELETE_EVENT"}


# Use cases


class Reader:
    """A function of the use cases that reads of a record."""

    def __init__(self, name: str, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.name = name
        arguments = [*node.args.args, *node.args.kwonlyargs]
        self.given = [ast.unparse(one.annotation) for one in arguments if one.annotation]
        self.calls = {
            ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)
        }
        self.reads = {
            f"{part.value.id}.{part.attr}"
            for part in ast.walk(node)
            if isinstance(part, ast.Attribute)
            and isinstance(part.value, ast.Name)
            and part.value.id in ("entries", "records", "objects", "reads")
        }

    @property
    def has_passed(self) -> bool:
        """It was handed what only the gate gives: a view, or the key of a record."""
        return any(kind in text for text in self.given for kind in ("RecordView", "Sealer"))

    @property
    def passes(self) -> bool:
        """It passes the gate itself."""
        doors = ("gate.look", "gate.consult", "reach", "_reach")
        return any(call in doors for call in self.calls)


def functions(tree: ast.AST, prefix: str) -> Iterator[Reader]:
    """The functions and methods of a module. A view's own methods have a view: themselves."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            if node.name != "RecordView":
                yield from functions(node, f"{prefix}.{node.name}")
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Reader(f"{prefix}.{node.name}", node)


# Directories lead from a name to a record and an entry's number; what stands there they do not say.
DIRECTORIES = {"records.record_of_ins", "entries.document_of", "entries.locate"}

# Who reads more without a view, and why that opens nothing.
EXCEPTIONS = {
    "usecases.gate.Gate.look": "the gate itself",
    "usecases.gate.Gate._former_ties": "the gate itself: under which INS the caller has ties",
    "usecases.consultation._locate": "the logicalId of an entry, for the gate to decide on",
    "usecases.stewardship._id_of_unique": "the id of an entry, for the gate to decide on",
    "usecases.deriving.sweeping._walk": "which records there are, each for the gate to open",
    "usecases.consultation.StoredContent.chunks": "holds the key of the view that made it",
}


def test_every_use_case_that_reads_a_record_has_passed_the_gate() -> None:
    seen: set[str] = set()
    for module, tree in modules("usecases"):
        for one in functions(tree, module):
            reads = {name for name in one.reads - DIRECTORIES if not name.endswith("Broken")}
            if not reads or one.has_passed or one.passes:
                continue
            assert one.name in EXCEPTIONS, (one.name, reads)
            seen.add(one.name)
    assert seen == set(EXCEPTIONS)


def test_keys_of_records_are_given_out_by_the_gate_alone() -> None:
    givers = {
        "load_record": {"usecases.gate.Gate.look", "usecases.gate.Gate._former_ties"},
        "sealer": {"usecases.gate.Gate._former_ties"},  # of the caller's own record, to itself
        "new_key": {"usecases.lifecycle._create"},
    }
    found: dict[str, set[str]] = {name: set() for name in givers}
    for module, tree in modules("usecases", "fhir", "population", "cli", "app", "worker", "serve"):
        for one in functions(tree, module):
            for call in one.calls:
                last = call.rpartition(".")[2]
                if last in found and "." in call:
                    found[last].add(one.name)
    assert found == givers
