"""What settings must satisfy together, and what each kind of store demands of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from carnet.record.errors import Notice
from carnet.record.store_kind import StoreKind
from carnet.settings.faults import SettingsError, fault
from carnet.settings.model import IdentityConflict, Issuer, Settings

LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_for(settings: Settings, kind: StoreKind) -> None:
    """Check settings against the kind of the store at hand. Raises ``SettingsError``."""
    faults = faults_of(settings, kind)
    if settings.kind is not None and settings.kind is not kind:
        faults.append(fault("setting-kind", "kind", wanted=settings.kind.value, found=kind.value))
    if faults:
        raise SettingsError(faults)


def faults_of(settings: Settings, kind: StoreKind | None) -> list[Notice]:
    """Every fault of settings that can be read one by one; ``kind`` None: not yet known."""
    faults = [*_databases(settings), *_paths(settings), *_base(settings), *_issuers(settings)]
    if kind is StoreKind.PRODUCTION:
        faults += _production(settings)
    if settings.documents.max_bytes_in_flight < 2 * settings.documents.max_bytes:
        faults.append(fault("setting-flight", "documents.max_bytes_in_flight"))
    if kind is StoreKind.DEMO and settings.host not in LOOPBACK:
        faults.append(fault("setting-demo-host", "host"))
    return faults


def _databases(settings: Settings) -> list[Notice]:
    faults = [
        fault("setting-database-url", name)
        for name in ("database", "keys_database")
        if (value := getattr(settings, name)) is not None and not _is_postgresql(value)
    ]
    if (settings.database is None) != (settings.keys_database is None):
        faults.append(fault("setting-databases-together", "keys_database"))
    return faults


def _is_postgresql(value: str) -> bool:
    parts = _parts(value)
    return parts is not None and parts.scheme == "postgresql" and len(parts.path) > 1


def _paths(settings: Settings) -> list[Notice]:
    faults: list[Notice] = []
    if settings.access.matrix_file is not None and not settings.access.matrix_file.is_file():
        faults.append(_absent("access.matrix_file", settings.access.matrix_file))
    if settings.vocabulary_dir is not None and not settings.vocabulary_dir.is_dir():
        faults.append(_absent("vocabulary_dir", settings.vocabulary_dir))
    return faults


def _absent(name: str, path: Path) -> Notice:
    return fault("setting-path-absent", name, path=str(path))


def _base(settings: Settings) -> list[Notice]:
    if settings.public_base is None:
        return []
    parts = _parts(settings.public_base)
    sound = (
        parts is not None
        and parts.scheme in ("http", "https")
        and parts.hostname is not None
        and not (parts.query or parts.fragment or parts.username)
        and not settings.public_base.endswith("/")
    )
    return [] if sound else [fault("setting-public-base", "public_base")]


def _issuers(settings: Settings) -> list[Notice]:
    faults = [
        fault("setting-issuer-twice", "issuers", iss=iss)
        for iss, times in Counter(issuer.iss for issuer in settings.issuers).items()
        if times > 1
    ]
    return faults + [one for issuer in settings.issuers for one in _keys_of(issuer)]


def _keys_of(issuer: Issuer) -> list[Notice]:
    if "://" not in issuer.jwks:
        present = Path(issuer.jwks).is_file()
        return [] if present else [_absent("issuers.jwks", Path(issuer.jwks))]
    parts = _parts(issuer.jwks)
    private = parts is not None and parts.hostname in LOOPBACK and parts.scheme == "http"
    if parts is not None and parts.hostname and (parts.scheme == "https" or private):
        return []
    return [fault("setting-issuer-keys", "issuers.jwks", iss=issuer.iss)]


def _production(settings: Settings) -> list[Notice]:
    faults: list[Notice] = []
    if settings.key_file is None:
        faults.append(fault("setting-production-key", "key_file"))
    elif settings.data is not None and _lies_in(settings.key_file, settings.data):
        faults.append(fault("setting-key-inside", "key_file"))
    if settings.identity.conflict is IdentityConflict.MARK:
        faults.append(fault("setting-production-mark", "identity.conflict"))
    if settings.public_base is None:
        faults.append(fault("setting-production-base", "public_base"))
    if settings.database and settings.keys_database and _same_cluster(settings):
        faults.append(fault("setting-production-cluster", "keys_database"))
    return faults


def _lies_in(file: Path, folder: Path) -> bool:
    return file.resolve().is_relative_to(folder.resolve())


def _same_cluster(settings: Settings) -> bool:
    places = [_parts(url or "") for url in (settings.database, settings.keys_database)]
    first, second = ((one.hostname, one.port or 5432) if one else None for one in places)
    return first == second


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port  # read here: a port that is no number raises
    except ValueError:
        return None
    return parts
