"""Reads what ``strace -f -yy`` saw, and says whether steps came in the order that durability asks.

A call that another process interrupts in the output stands there twice, ``<unfinished ...>`` and
``<... resumed>``: it begins at the first line and ends at the second.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

CALLS = "fsync,fdatasync,rename,renameat,renameat2,pwrite64,write,writev,sendto,sendmsg,recvfrom"
_LINE = re.compile(r"(?P<pid>\d+) +(?P<rest>.*)")
_BEGUN = re.compile(r"(?P<name>\w+)\((?P<arguments>.*)")
_UNFINISHED = " <unfinished ...>"
_RESUMED = re.compile(r"<\.\.\. (?P<name>\w+) resumed>(?P<rest>.*)")
_RESULT = re.compile(r"(?P<arguments>.*)\) += (?P<result>-?\d+)")


class Call(msgspec.Struct, frozen=True):
    """One system call: the lines where it begins and ends, what it was given, what it gave."""

    begins: int
    ends: int
    pid: int
    name: str
    arguments: str
    result: int


Matches = Callable[[Call], bool]


class Step(msgspec.Struct, frozen=True):
    """Something that must have happened, by the words that a failure shows."""

    words: str
    matches: Matches


def words_before_command(output: Path) -> list[str]:
    """What stands before a command so that it and its children are traced."""
    words = ["strace", "-f", "--seccomp-bpf", "-yy", "-s", "4096", "-o", str(output)]
    return [*words, "-e", f"trace={CALLS}", "-e", "signal=none"]


def read(lines: Iterable[str]) -> list[Call]:
    """The calls that ended well, in the order in which they ended."""
    calls: list[Call] = []
    open_: dict[int, tuple[int, str, str]] = {}
    for number, line in enumerate(lines):
        found = _LINE.match(line)
        if found is None:
            continue
        pid, rest = int(found["pid"]), found["rest"]
        begun, resumed = _BEGUN.match(rest), _RESUMED.match(rest)
        if begun is not None and rest.endswith(_UNFINISHED):
            open_[pid] = (number, begun["name"], begun["arguments"].removesuffix(_UNFINISHED))
            continue
        if resumed is not None and pid in open_:
            first, name, arguments = open_.pop(pid)
            rest = arguments + resumed["rest"]
        elif begun is not None:
            first, name, rest = number, begun["name"], begun["arguments"]
        else:
            continue
        done = _RESULT.match(rest)
        if done is not None and int(done["result"]) >= 0:
            result = int(done["result"])
            calls.append(Call(first, number, pid, name, done["arguments"], result))
    return calls


def first_missing(calls: Sequence[Call], steps: Sequence[Step]) -> str | None:
    """The words of the first step that does not begin again once all of the one before has ended.

    All of it: a log whose header is synced, and whose rows are then written, is not synced.
    """
    after = -1
    for step in steps:
        standing = [c for c in calls if c.begins > after and step.matches(c)]
        if not standing:
            return step.words
        after = max(call.ends for call in standing)
    return None


def before(calls: Sequence[Call], line: int) -> list[Call]:
    """The calls that had ended before a line."""
    return [call for call in calls if call.ends < line]


def syncs(path: str) -> Matches:
    """``fsync`` or ``fdatasync`` of a path, a regular expression."""
    wanted = re.compile(rf"\d+<{path}>")
    return lambda c: c.name in ("fsync", "fdatasync") and bool(wanted.fullmatch(c.arguments))


def writes_file(path: str) -> Matches:
    """A write into a file."""
    wanted = re.compile(rf"\d+<{path}>, ")
    return lambda c: c.name in ("pwrite64", "write", "writev") and bool(wanted.match(c.arguments))


def renames(old: str, new: str) -> Matches:
    """A file takes its name."""
    wanted = re.compile(rf'.*"{old}", .*"{new}".*')
    return lambda c: c.name.startswith("rename") and bool(wanted.fullmatch(c.arguments))


def answers(port: int, client: int) -> Matches:
    """Bytes on the socket of a client."""
    socket = f"<TCP:[127.0.0.1:{port}->127.0.0.1:{client}]>"
    names = ("write", "writev", "sendto", "sendmsg")
    return lambda c: c.name in names and socket_of(c).endswith(socket)


def receives(port: int, words: str) -> Matches:
    """Bytes from a server on a port that hold some words."""
    return lambda c: c.name == "recvfrom" and f":{port}]>, " in c.arguments and words in c.arguments


def socket_of(call: Call) -> str:
    """What a call on a socket names it."""
    return call.arguments.partition(", ")[0]
