"""Reads settings from the environment. A bad value stops the start, with its name and what would do."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def flag(name: str, default: bool) -> bool:
    """`true` or `false`."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name}={value!r}: write true or false")


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdecimal() or not low <= int(value) <= high:
        raise ImproperlyConfigured(f"{name}={value!r}: write a whole number from {low} to {high}")
    return int(value)


def hosts(name: str, default: list[str]) -> list[str]:
    """Host names, separated by commas, without scheme or port."""
    listed = [host.strip() for host in os.environ.get(name, "").split(",") if host.strip()]
    for host in listed:
        if "/" in host or host == "*" or (":" in host and not host.endswith("]")):
            raise ImproperlyConfigured(f"{name}: {host!r} is not a host name; write it as guide.example.org")
    return listed or default


def secret(name: str, file: Path) -> str:
    """A secret of at least 50 letters; made on first use and kept in `file`, readable by its owner only."""
    value = os.environ.get(name, "").strip()
    if not value:
        if not file.exists():
            _make_secret(file)
        value = file.read_text(encoding="ascii").strip()
    if len(value) < 50:
        raise ImproperlyConfigured(f"{name}: needs at least 50 letters; remove it (and {file.name}) to have one made")
    return value


def _make_secret(file: Path) -> None:
    """Of processes that start at once the first one wins, and none of them sees half a secret."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=file.parent, encoding="ascii") as draft:  # made with mode 0600
        draft.write(secrets.token_urlsafe(64))
        draft.flush()
        with contextlib.suppress(FileExistsError):
            os.link(draft.name, file)


def database(name: str, default: Path) -> dict[str, Any]:
    """`sqlite:///path/to/file` or `postgres://user:password@host:port/name`."""
    url = os.environ.get(name, "").strip()
    try:
        parts = urlsplit(url)
        port = str(parts.port or "")
    except ValueError as error:
        # Without the address itself: it may hold a password.
        raise ImproperlyConfigured(
            f"{name}: this is no address; write sqlite:///file or postgres://user:password@host:5432/name"
        ) from error
    if not url or parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path[1:])) if url else default, name)
    if parts.scheme in ("postgres", "postgresql"):
        if not parts.path.strip("/"):
            raise ImproperlyConfigured(f"{name}: name the database, as postgres://user@host/name")
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path[1:]),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or "",
            "PORT": port,
            "CONN_MAX_AGE": None,
            "CONN_HEALTH_CHECKS": True,
        }
    raise ImproperlyConfigured(f"{name}: {parts.scheme!r} is not known; write sqlite:///file or postgres://user@host/name")


def _sqlite(file: Path, name: str) -> dict[str, Any]:
    if not file.name:
        raise ImproperlyConfigured(f"{name}: name the file, as sqlite:///var/guide.sqlite3")
    file.parent.mkdir(parents=True, exist_ok=True)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # Readers never wait for a writer (WAL), a writer never finds its read outdated (IMMEDIATE),
            # a save survives a power cut (`guide.storage.writing` waits for the disk), and what is deleted is overwritten.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;",
        },
        # A file, so that tests with several threads meet the locks that a server meets; one for each run.
        "TEST": {"NAME": file.with_name(f"test-{os.getpid()}-{file.name}")},
    }
