"""Settings from the environment: a bad value stops the start, with its name and what would do."""

from __future__ import annotations

import runpy
import secrets
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from mbc_site import environment

ROOT = Path(__file__).resolve().parent.parent
SECRET = "s" * 60
NAMES = ("DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "PORT", "WORKERS", "TRUST_PROXY", "DATABASE_URL")


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SECRET_KEY", SECRET)


def started(monkeypatch: pytest.MonkeyPatch, **values: str) -> dict[str, Any]:
    """The settings as a process with these values would have them."""
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return runpy.run_path(str(ROOT / "mbc_site" / "settings.py"))


@pytest.mark.parametrize(
    ("name", "value", "remedy"),
    [
        ("DEBUG", "maybe", "write true or false"),
        ("TRUST_PROXY", "2", "write true or false"),
        ("PORT", "0", "a whole number from 1 to 65535"),
        ("PORT", "65536", "a whole number from 1 to 65535"),
        ("PORT", "80a", "a whole number from 1 to 65535"),
        ("PORT", "-1", "a whole number from 1 to 65535"),
        ("WORKERS", "two", "a whole number from 1 to 64"),
        ("WORKERS", "1.5", "a whole number from 1 to 64"),
        ("SECRET_KEY", "short", "at least 50 letters"),
        ("ALLOWED_HOSTS", "https://guide.example.org", "write it as guide.example.org"),
        ("ALLOWED_HOSTS", "guide.example.org, *", "write it as guide.example.org"),
        ("ALLOWED_HOSTS", "guide.example.org:8000", "write it as guide.example.org"),
        ("DATABASE_URL", "mysql://me@host/name", "sqlite:///file or postgres://user@host/name"),
        ("DATABASE_URL", "guide.sqlite3", "sqlite:///file or postgres://user@host/name"),
        ("DATABASE_URL", "sqlite://", "sqlite:///var/guide.sqlite3"),
        ("DATABASE_URL", "sqlite:///", "sqlite:///var/guide.sqlite3"),
        ("DATABASE_URL", "postgres://me@host", "postgres://user@host/name"),
        ("DATABASE_URL", "postgres://me@host/", "postgres://user@host/name"),
        ("DATABASE_URL", "postgres://me@host:port/name", "postgres://user"),
        ("DATABASE_URL", "postgres://me@[host/name", "postgres://user"),
    ],
)
def test_a_bad_value_stops_the_start_and_is_named_with_a_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, remedy: str
) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        started(monkeypatch, **{name: value})
    assert str(caught.value).startswith(name) and remedy in str(caught.value)


def test_a_password_is_not_told_when_its_url_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        started(monkeypatch, DATABASE_URL="postgresq://me:hush@host/name")
    assert "hush" not in str(caught.value)


def test_a_secret_that_is_too_short_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        started(monkeypatch, SECRET_KEY="hush")
    assert "hush" not in str(caught.value)


def test_without_any_value_the_site_is_for_this_machine_and_shows_no_errors(monkeypatch: pytest.MonkeyPatch) -> None:
    found = started(monkeypatch)
    assert found["ALLOWED_HOSTS"] == ["127.0.0.1", "localhost", "[::1]"]
    assert (found["DEBUG"], found["TRUST_PROXY"], found["PORT"], found["WORKERS"]) == (False, False, 8000, 2)
    assert found["DATABASES"]["default"]["NAME"] == ROOT / "var" / "guide.sqlite3"
    assert found["SECURE_PROXY_SSL_HEADER"] is None
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is False


def test_behind_a_proxy_cookies_are_for_https_and_the_proxy_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = started(monkeypatch, TRUST_PROXY="true", ALLOWED_HOSTS=" guide.example.org , www.example.org,")
    assert found["SECURE_PROXY_SSL_HEADER"] == ("HTTP_X_FORWARDED_PROTO", "https")
    assert found["SESSION_COOKIE_SECURE"] is found["CSRF_COOKIE_SECURE"] is True
    assert found["ALLOWED_HOSTS"] == ["guide.example.org", "www.example.org"]


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), (" YES ", True), ("1", True), ("off", False), ("False", False), ("  ", None)]
)
def test_a_flag_is_read_as_people_write_it(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool | None) -> None:
    monkeypatch.setenv("DEBUG", value)
    for default in (True, False):
        assert environment.flag("DEBUG", default) is (default if expected is None else expected)


def test_a_postgres_url_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = started(monkeypatch, DATABASE_URL="postgres://me%40work:pass%2Fword@db.example.org:5433/the%20guide")["DATABASES"]["default"]
    assert {key: found[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "the guide",
        "USER": "me@work",
        "PASSWORD": "pass/word",
        "HOST": "db.example.org",
        "PORT": "5433",
    }


@pytest.mark.parametrize("url", ["sqlite:///{}/new%20folder/guide.sqlite3", "sqlite:///{}/new folder/guide.sqlite3"])
def test_a_sqlite_url_names_a_file_whose_folder_is_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, url: str) -> None:
    found = started(monkeypatch, DATABASE_URL=url.format(tmp_path))["DATABASES"]["default"]
    assert found["NAME"] == tmp_path / "new folder" / "guide.sqlite3"
    assert found["NAME"].parent.is_dir()


# The secret


def test_a_secret_is_made_once_and_only_its_owner_can_read_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY")
    file = tmp_path / "var" / "secret_key"
    made = environment.secret("SECRET_KEY", file)
    assert len(made) >= 50
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert environment.secret("SECRET_KEY", file) == made
    assert environment.secret("SECRET_KEY", tmp_path / "other") != made


def test_a_secret_of_the_environment_leaves_no_file(tmp_path: Path) -> None:
    assert environment.secret("SECRET_KEY", tmp_path / "secret_key") == SECRET
    assert not (tmp_path / "secret_key").exists()


def test_a_damaged_secret_file_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "secret_key").write_text("half a sec")
    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY.*secret_key"):
        environment.secret("SECRET_KEY", tmp_path / "secret_key")


def test_processes_that_start_at_once_share_one_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY")
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: environment.secret("SECRET_KEY", tmp_path / "secret_key"), range(8)))
    assert len(set(made)) == 1


def test_a_process_that_starts_while_another_writes_the_secret_reads_the_same(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SECRET_KEY")
    file = tmp_path / "secret_key"
    make = secrets.token_urlsafe
    others: list[str] = []

    def slowly(length: int) -> str:
        monkeypatch.setattr(secrets, "token_urlsafe", make)
        others.append(environment.secret("SECRET_KEY", file))
        return make(length)

    monkeypatch.setattr(secrets, "token_urlsafe", slowly)
    assert [environment.secret("SECRET_KEY", file)] == others
