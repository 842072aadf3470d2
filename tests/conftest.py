"""Fixtures that all tests share: a small guide about gardening."""

from __future__ import annotations

from pathlib import Path

import pytest

from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.whole import load

pytest_plugins = ["tests.django_fixtures"]

TOY = Path(__file__).parent / "toy" / "content"


@pytest.fixture
def toy_texts() -> dict[str, str]:
    """The texts of the toy guide, by path; a fresh copy to change at will."""
    return read_files(TOY)


@pytest.fixture(scope="session")
def toy() -> Guide:
    """The toy guide, loaded."""
    return load(read_files(TOY))
