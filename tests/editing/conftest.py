"""People at the editors' desk, each in one of the groups that a migration sets up; the toy guide is published."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.contrib.auth.models import Group, Permission, User

from guide.editing.models import Edition

GROUPS: dict[str, tuple[str, ...]] = import_module("guide.migrations.0005_groups_and_audit_log").GROUPS


def staff(name: str, group: str) -> User:
    """Somebody on the staff, called Name Green, with the rights of a group."""
    user = User.objects.create_user(name, is_staff=True, first_name=name.title(), last_name="Green")
    user.groups.add(the_group(group))
    return user


def the_group(name: str) -> Group:
    """A group as the migration made it; tests that commit empty the database, groups included."""
    group, _ = Group.objects.get_or_create(name=name)
    group.permissions.set(Permission.objects.filter(content_type__app_label="guide", codename__in=GROUPS[name]))
    return group


@pytest.fixture
def erin(garden: Edition) -> User:
    """An editor."""
    return staff("erin", "Editors")


@pytest.fixture
def rosa(garden: Edition) -> User:
    """A clinical reviewer."""
    return staff("rosa", "Clinical reviewers")


@pytest.fixture
def paul(garden: Edition) -> User:
    """A publisher."""
    return staff("paul", "Publishers")
