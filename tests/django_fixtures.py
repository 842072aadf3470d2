"""Fixtures of tests that use the web or the database: the toy guide published, and people who use it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path

import pytest
from django.apps import AppConfig, apps
from django.contrib.auth.models import Group, Permission, User
from django.core.cache import caches
from django.db import connection
from django.db.models.signals import post_migrate
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from guide import library
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.whole import load
from guide.editing import models
from guide.editing.audit import AuditEntry
from guide.editing.models import Document, Edition, Revision
from guide.plans import door
from tests.serving import CONTENT

# Fixtures that need a database, though no mark says so: a test with its own database, or a served site with one.
_WITH_A_DATABASE = frozenset(("db", "transactional_db", "toy_site", "loud_site"))


@pytest.hookimpl(tryfirst=True)  # before tests are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a database: the rest need not be tried again on another one."""
    for item in items:
        names = set(item.fixturenames) if isinstance(item, pytest.Function) else set()
        if names & _WITH_A_DATABASE or item.get_closest_marker("django_db"):
            item.add_marker("database")


_groups = import_module("guide.migrations.0005_groups_and_audit_log").GROUPS
_guarded = import_module("guide.migrations.0008_audit_log_whole")


def _as_migrated(sender: AppConfig, **_: object) -> None:
    """Tests that commit empty every table at their end, also what migrations put there. Django then makes the permissions anew; this, the groups.

    To empty tables PostgreSQL has TRUNCATE, which the audit log refuses; so it does not in tests.
    """
    if connection.vendor == "postgresql":
        with connection.schema_editor() as editor:
            _guarded.unguard_log(apps, editor)
    for name, codenames in _groups.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.set(Permission.objects.filter(content_type__app_label="guide", codename__in=codenames))


post_migrate.connect(_as_migrated, sender=apps.get_app_config("guide"))


@pytest.fixture(autouse=True)
def _own_ground(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test has its own files and empty memories, and waits for nothing."""
    settings.VAR_DIR = tmp_path / "var"
    settings.VAR_DIR.mkdir()
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    # Much quicker than the site's own cache in the database, and no test must have one for it. What is counted is tried with that one:
    # tests/plans/test_knocks.py.
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    settings.CACHES = {"default": memory, "shared": {**memory, "LOCATION": "shared"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(door, "PAUSE", 0)
    monkeypatch.setattr(Client, "force_login", sign_in)
    monkeypatch.setattr(models, "load", loaded)
    _forget()
    yield
    _forget()


_password_alone = Client.force_login


def sign_in(client: Client, user: User, backend: str | None = None) -> None:
    """Put somebody all the way into the desk, after password and code, without asking for either.

    Every test's `client.force_login(user)` does this too, since a password alone opens no page of the
    desk. What signing in itself is like, the tests in tests/editing/test_signing_in.py try by its forms.
    """
    _password_alone(client, user, backend)
    device, _ = TOTPDevice.objects.get_or_create(user=user, name="app", confirmed=True)
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()


def loaded(texts: Mapping[str, str]) -> Guide:
    """The guide of some texts, read once for all tests: a guide never changes, and most tests use the same one."""
    if len(texts) > _MANY and texts == _real_texts():
        return _real_guide()
    return _loaded(tuple(sorted(texts.items())))


_MANY = 100
"""The guide about gardening has fewer texts."""


@cache
def _real_texts() -> dict[str, str]:
    return read_files(CONTENT)


@cache
def _real_guide() -> Guide:
    """Reading and checking it takes seconds, and the guides of other tests must not push it out."""
    return load(_real_texts())


@lru_cache(maxsize=16)
def _loaded(texts: tuple[tuple[str, str], ...]) -> Guide:
    return load(dict(texts))


def _forget() -> None:
    caches["shared"].clear()
    models._read.cache_clear()
    library._newest = None


@pytest.fixture
def garden(db: None, toy_texts: dict[str, str]) -> Edition:
    """The toy guide, published as edition 1."""
    return published(toy_texts)


@pytest.fixture
def busy_garden(transactional_db: None, toy_texts: dict[str, str]) -> Iterator[Edition]:
    """The same, committed to the database, for tests with several threads."""
    yield published(toy_texts)
    _empty_the_log()


def _empty_the_log() -> None:
    """SQLite's way to empty a table is DELETE, which the log refuses."""
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            _guarded.unguard_log(apps, editor)
            AuditEntry.objects.all().delete()
            _guarded.guard_log(apps, editor)


def published(texts: dict[str, str]) -> Edition:
    """Publish texts as the next edition.

    The first one, which most tests begin with, is written with three statements instead of five for each document: the rows are the same.
    """
    note, origin = "Imported from the files", Edition.Origin.FILES
    if Document.objects.exists() or Edition.objects.exists():
        return Edition.objects.publish(texts, by=None, note=note, origin=origin)
    loaded(texts)  # refuses what has a mistake, as publishing does
    edition = Edition.objects.create(number=1, by=None, note=note, origin=origin)
    documents = Document.objects.bulk_create([Document(path=path) for path in texts])
    state = Revision.State.PUBLISHED
    Revision.objects.bulk_create(
        [Revision(document=one, text=texts[one.path], state=state, note=note, edition=edition) for one in documents]
    )
    return edition


@pytest.fixture
def alice(db: None) -> User:
    """An editor: she writes drafts."""
    return _staff("alice", "view_document", "add_document", "change_document", "view_revision")


@pytest.fixture
def bob(db: None) -> User:
    """An editor who may publish."""
    return _staff("bob", "view_document", "add_document", "change_document", "view_revision", "publish_document")


@pytest.fixture
def charlie(db: None) -> User:
    """On the staff, without any permission."""
    return _staff("charlie")


def _staff(name: str, *permissions: str) -> User:
    user = User.objects.create_user(name, password="a long test password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="guide", codename__in=permissions))
    return user
