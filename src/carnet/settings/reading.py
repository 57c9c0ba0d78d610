"""Reads the settings: defaults, then the file, then ``CARNET_*``, then the command line."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from carnet.record.errors import Notice
from carnet.settings.checks import faults_of
from carnet.settings.faults import SettingsError, fault
from carnet.settings.model import Issuer, Settings
from carnet.settings.shape import PREFIX, Setting, all_settings, expected, groups

FILE_VARIABLE = "CARNET_SETTINGS"
NOT_SETTINGS = (FILE_VARIABLE, "CARNET_CORPUS")  # the second names the samples that tests read
TEST_PREFIX = "CARNET_TEST_"  # variables of test runs
SECRET = ("database", "keys_database")  # may hold a password: never shown
COMMAND_LINE = "command line"


class _Given(msgspec.Struct, frozen=True):
    """A value as somebody gave it, and where. ``folder`` is that of the file, if it was one."""

    value: object
    origin: str
    folder: Path | None = None
    text: bool = False  # from a variable: everything is a string


def load(
    file: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """The settings of a start.

    ``file`` is what ``--settings`` names (else ``CARNET_SETTINGS``); ``overrides`` are the
    command line's, by dotted name, None where not given. Relative paths of the file start at the
    file's folder. Raises ``SettingsError`` with every fault.
    """
    variables = environ or {}
    faults: list[Notice] = []
    given: dict[str, _Given] = {}
    named = file or (Path(variables[FILE_VARIABLE]) if variables.get(FILE_VARIABLE) else None)
    if named is not None:
        given |= _from_file(named, faults)
    given |= _from_environment(variables, faults)
    for name, value in (overrides or {}).items():
        if value is not None:
            given[name] = _Given(value, COMMAND_LINE, text=isinstance(value, str))
    settings = _build(given, faults)
    faults += faults_of(settings, settings.kind)
    if faults:
        raise SettingsError(faults)
    return settings


def _from_file(file: Path, faults: list[Notice]) -> dict[str, _Given]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        detail = error.strerror or "?"
        faults.append(fault("settings-file-unreadable", str(file), detail=detail))
        return {}
    except ValueError as error:  # TOML and UTF-8 alike
        faults.append(fault("settings-file-malformed", str(file), detail=str(error)))
        return {}
    found: dict[str, _Given] = {}
    for name, value in _flat(tables):
        if name in all_settings():
            found[name] = _Given(value, str(file), folder=file.absolute().parent)
        else:
            faults.append(_unknown(name, str(file), list(all_settings())))
    return found


def _flat(tables: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in tables.items():
        if name in groups() and isinstance(value, dict):
            yield from ((f"{name}.{inner}", one) for inner, one in value.items())
        else:
            yield name, value


def _from_environment(variables: Mapping[str, str], faults: list[Notice]) -> dict[str, _Given]:
    by_variable = {setting.variable: setting.name for setting in all_settings().values()}
    found: dict[str, _Given] = {}
    for variable, value in sorted(variables.items()):
        if not value:
            continue  # an empty variable says nothing
        if variable in by_variable:
            found[by_variable[variable]] = _Given(value, variable, text=True)
        elif (
            variable.startswith(PREFIX)
            and variable not in NOT_SETTINGS
            and not variable.startswith(TEST_PREFIX)
        ):
            faults.append(_unknown(variable, f"{PREFIX}*", list(by_variable)))
    return found


def _unknown(name: str, origin: str, known: list[str]) -> Notice:
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.75)
    return fault("setting-unknown", name, origin, near=near[0] if near else "docs/settings.md")


def _build(given: Mapping[str, _Given], faults: list[Notice]) -> Settings:
    """The settings of all values that can be read; a fault for each of the others."""
    values: dict[str, object] = {}
    for name, setting in all_settings().items():
        if name not in given:
            continue
        try:
            _put(values, name, _read(setting, given[name]))
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            faults.append(_unreadable(setting, given[name], str(error)))
    defaults = Settings()
    for group in groups():
        if group in values:
            inner = values[group]
            assert isinstance(inner, dict)  # noqa: S101  _put makes a dict of every group
            values[group] = msgspec.structs.replace(getattr(defaults, group), **inner)
    return msgspec.structs.replace(defaults, **values)


def _put(values: dict[str, object], name: str, value: object) -> None:
    group, _, inner = name.rpartition(".")
    if group:
        table = values.setdefault(group, {})
        assert isinstance(table, dict)  # noqa: S101  only this function fills groups
        table[inner] = value
    else:
        values[name] = value


def _read(setting: Setting, given: _Given) -> object:
    value = given.value
    if given.text and setting.name == "issuers":
        value = msgspec.json.decode(str(value))
    if isinstance(value, Path):
        value = str(value)
    read = msgspec.convert(value, setting.type, strict=not given.text, dec_hook=_path)
    return _anchored(read, given.folder)


def _path(wanted: type, value: object) -> object:
    if wanted is Path and isinstance(value, str) and value:
        return Path(value).expanduser()
    raise msgspec.ValidationError("Expected a path")


def _anchored(value: object, folder: Path | None) -> object:
    """Relative paths of a settings file start at the file's own folder."""
    if folder is None:
        return value
    if isinstance(value, Path):
        return folder / value
    if isinstance(value, tuple):
        return tuple(
            msgspec.structs.replace(one, jwks=str(folder / one.jwks))
            if isinstance(one, Issuer) and "://" not in one.jwks
            else one
            for one in value
        )
    return value


def _unreadable(setting: Setting, given: _Given, detail: str) -> Notice:
    shown = "…" if setting.name in SECRET else repr(given.value)[:80]
    return fault(
        "setting-value",
        setting.name,
        given.origin,
        value=shown,
        detail=detail,
        expected_french=expected(setting.info, "fr"),
        expected_english=expected(setting.info, "en"),
    )
