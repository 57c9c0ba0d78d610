from __future__ import annotations

import json
from pathlib import Path

import pytest

from carnet.record.store_kind import StoreKind
from carnet.settings import (
    Algorithm,
    IdentityConflict,
    Issuer,
    Settings,
    SettingsError,
    Severity,
    check_for,
    load,
)


def codes(raised: pytest.ExceptionInfo[SettingsError]) -> list[tuple[str, str | None]]:
    return [(fault.code, fault.element) for fault in raised.value.faults]


def write(folder: Path, text: str) -> Path:
    file = folder / "carnet.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_nothing_said_gives_the_defaults() -> None:
    assert load() == Settings()


def test_a_file_sets_values_and_groups(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        data = "store"
        kind = "test"
        port = 8123
        [identity]
        conflict = "mark"
        [documents]
        max_bytes = 1_000_000
        """,
    )
    settings = load(file)
    assert settings.port == 8123
    assert settings.kind is StoreKind.TEST
    assert settings.identity.conflict is IdentityConflict.MARK
    assert settings.identity.luhn is Severity.WARN
    assert settings.documents.max_bytes == 1_000_000


def test_relative_paths_of_a_file_start_at_its_folder(tmp_path: Path) -> None:
    (tmp_path / "keys.json").write_text("{}")
    file = write(
        tmp_path,
        'data = "store"\n[[issuers]]\niss = "https://one.example"\njwks = "keys.json"\n',
    )
    settings = load(file)
    assert settings.data == tmp_path / "store"
    assert settings.issuers[0].jwks == str(tmp_path / "keys.json")


def test_a_variable_wins_over_the_file_and_the_command_line_over_both(tmp_path: Path) -> None:
    file = write(tmp_path, "port = 1\nworkers = 1\nhost = 'a'\n")
    environ = {"CARNET_SETTINGS": str(file), "CARNET_PORT": "2", "CARNET_WORKERS": "2"}
    settings = load(None, environ, {"port": 3, "host": None})
    assert (settings.port, settings.workers, settings.host) == (3, 2, "a")


def test_a_variable_sets_a_group_and_a_list() -> None:
    issuer = {"iss": "https://one.example", "jwks": "https://one.example/jwks"}
    settings = load(
        None,
        {
            "CARNET_IDENTITY_LUHN": "refuse",
            "CARNET_ACCESS_BREAK_GLASS_HOURS": "12",
            "CARNET_ISSUERS": json.dumps([{**issuer, "algorithms": ["ES256"]}]),
        },
    )
    assert settings.identity.luhn is Severity.REFUSE
    assert settings.access.break_glass_hours == 12
    assert settings.issuers == (Issuer(**issuer, algorithms=(Algorithm.ES256,)),)


def test_variables_of_others_of_tests_and_empty_ones_are_left_alone() -> None:
    assert (
        load(None, {"PORT": "x", "CARNET_CORPUS": "x", "CARNET_TEST_X": "x", "CARNET_PORT": ""})
        == Settings()
    )


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """
        port = 700000
        prot = 1
        database = "mysql://somewhere/x"
        [identity]
        conflict = "perhaps"
        [documents]
        max_byte = 5
        """,
    )
    with pytest.raises(SettingsError) as raised:
        load(file, {"CARNET_LOG_LEVEL": "loud", "CARNET_WORKER": "2"})
    assert codes(raised) == [
        ("setting-unknown", "prot"),
        ("setting-unknown", "documents.max_byte"),
        ("setting-unknown", "CARNET_WORKER"),
        ("setting-value", "port"),
        ("setting-value", "log_level"),
        ("setting-value", "identity.conflict"),
        ("setting-database-url", "database"),
        ("setting-databases-together", "keys_database"),
    ]
    assert raised.value.params["count"] == 8


def test_each_fault_is_a_line_with_its_remedy(tmp_path: Path) -> None:
    file = write(tmp_path, "port = 700000\nprot = 1\n")
    with pytest.raises(SettingsError) as raised:
        load(file)
    assert raised.value.lines("en") == [
        f"There is no setting prot ({file}). See port.",
        (
            f"The setting port ({file}) is 700000; it takes a whole number of at least 0 and at "
            "most 65535. Mend the value; docs/settings.md describes each setting."
        ),
    ]
    assert "un nombre entier d'au moins 0" in raised.value.lines("fr")[1]


def test_a_password_in_a_database_address_is_not_shown() -> None:
    with pytest.raises(SettingsError) as raised:
        load(None, {}, {"database": 5, "keys_database": "mysql://me:hush@there/x"})
    assert "hush" not in repr([fault.params for fault in raised.value.faults])
    assert "hush" not in " ".join(raised.value.lines())


@pytest.mark.parametrize(
    ("text", "code"),
    [("port = ", "settings-file-malformed"), ("port = 1\nport = 2", "settings-file-malformed")],
)
def test_a_file_that_is_no_toml(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(write(tmp_path, text))
    assert [fault.code for fault in raised.value.faults] == [code]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load(tmp_path / "absent.toml")
    assert codes(raised) == [("settings-file-unreadable", str(tmp_path / "absent.toml"))]


def test_a_number_written_as_text_in_a_file_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        load(write(tmp_path, "port = '80'"))
    assert codes(raised) == [("setting-value", "port")]


def test_the_key_stands_beside_the_data_directory_unless_named(tmp_path: Path) -> None:
    beside = load(None, {}, {"data": tmp_path / "store"})
    assert beside.master_key_file == tmp_path / "store.key"
    named = load(None, {"CARNET_KEY_FILE": "/run/keys/master"}, {"data": tmp_path / "store"})
    assert named.master_key_file == Path("/run/keys/master")


SOUND_PRODUCTION = {
    "kind": "production",
    "data": "/srv/carnet",
    "key_file": "/run/keys/master",
    "public_base": "https://carnet.example",
}


def test_a_sound_production_start() -> None:
    assert load(None, {}, SOUND_PRODUCTION).kind is StoreKind.PRODUCTION


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key_file": None}, "setting-production-key"),
        ({"key_file": "/srv/carnet/key"}, "setting-key-inside"),
        ({"identity.conflict": "mark"}, "setting-production-mark"),
        ({"public_base": None}, "setting-production-base"),
        (
            {
                "database": "postgresql://c@one.example/records",
                "keys_database": "postgresql://c@one.example:5432/keys",
            },
            "setting-production-cluster",
        ),
    ],
)
def test_what_production_refuses(change: dict[str, str | None], code: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(None, {}, {**SOUND_PRODUCTION, **change})
    assert [fault.code for fault in raised.value.faults] == [code]


def test_what_production_refuses_passes_in_a_test_store() -> None:
    assert load(None, {}, {"kind": "test", "identity.conflict": "mark"}).kind is StoreKind.TEST


def test_the_largest_document_must_fit_among_the_bytes_in_flight() -> None:
    with pytest.raises(SettingsError) as raised:
        load(None, {}, {"documents.max_bytes_in_flight": 99_999_999})
    assert codes(raised) == [("setting-flight", "documents.max_bytes_in_flight")]


def test_a_demo_store_is_for_this_machine_only() -> None:
    load(None, {}, {"kind": "demo", "host": "::1"})
    with pytest.raises(SettingsError) as raised:
        load(None, {}, {"kind": "demo", "host": "0.0.0.0"})  # noqa: S104  it is refused
    assert codes(raised) == [("setting-demo-host", "host")]


def test_settings_for_another_kind_of_store_are_refused() -> None:
    settings = load(None, {}, {"kind": "test"})
    check_for(settings, StoreKind.TEST)
    with pytest.raises(SettingsError) as raised:
        check_for(settings, StoreKind.DEMO)
    assert codes(raised) == [("setting-kind", "kind")]


@pytest.mark.parametrize(
    "base",
    [
        "carnet.example/fhir",
        "https://carnet.example/",
        "https://carnet.example?x=1",
        "https://me@carnet.example/fhir",
        "https://carnet.example:port/fhir",
        "ftp://carnet.example/fhir",
        "https:///fhir",
    ],
)
def test_a_public_base_that_is_no_plain_address(base: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(None, {}, {"public_base": base})
    assert codes(raised) == [("setting-public-base", "public_base")]


@pytest.mark.parametrize(
    ("jwks", "code"),
    [
        ("https://issuer.example/jwks", None),
        ("http://127.0.0.1:9000/jwks", None),
        ("http://issuer.example/jwks", "setting-issuer-keys"),
        ("ftp://issuer.example/jwks", "setting-issuer-keys"),
        ("https://", "setting-issuer-keys"),
        ("/no/such/file", "setting-path-absent"),
    ],
)
def test_where_an_issuers_keys_may_come_from(jwks: str, code: str | None) -> None:
    environ = {"CARNET_ISSUERS": json.dumps([{"iss": "https://issuer.example", "jwks": jwks}])}
    if code is None:
        assert load(None, environ).issuers[0].jwks == jwks
        return
    with pytest.raises(SettingsError) as raised:
        load(None, environ)
    assert [fault.code for fault in raised.value.faults] == [code]


@pytest.mark.parametrize(
    "issuers",
    [
        "not json",
        '{"iss": "x"}',
        '[{"iss": "x"}]',
        '[{"iss": "x", "jwks": "https://x", "algorithms": ["none"]}]',
        '[{"iss": "x", "jwks": "https://x", "algorithms": []}]',
        '[{"iss": "x", "jwks": "https://x", "key": "?"}]',
    ],
)
def test_issuers_that_cannot_be_read(issuers: str) -> None:
    with pytest.raises(SettingsError) as raised:
        load(None, {"CARNET_ISSUERS": issuers})
    assert codes(raised) == [("setting-value", "issuers")]


def test_an_issuer_stands_once() -> None:
    issuer = {"iss": "https://one.example", "jwks": "https://one.example/jwks"}
    with pytest.raises(SettingsError) as raised:
        load(None, {"CARNET_ISSUERS": json.dumps([issuer, issuer])})
    assert codes(raised) == [("setting-issuer-twice", "issuers")]
