"""People at the editors' desk, each in one of the groups that a migration sets up; the toy guide is published."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User

from guide.editing.models import Edition


def staff(name: str, group: str) -> User:
    """Somebody on the staff, called Name Green, with the rights of a group."""
    user = User.objects.create_user(name, is_staff=True, first_name=name.title(), last_name="Green")
    user.groups.add(Group.objects.get(name=group))
    return user


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
