"""Fixtures that all tests share: a small guide about gardening."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.whole import load
from tests import serving

pytest_plugins = ["tests.django_fixtures"]
# With how many examples a property is tried: some while people work, more in CI. None is too slow on a busy machine.
for _name, _examples in (("dev", 25), ("ci", 100)):
    hypothesis.settings.register_profile(
        _name, max_examples=_examples, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
    )
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") == "true" else "dev"))

TOY = Path(__file__).parent / "toy" / "content"


@pytest.fixture(scope="session", autouse=True)
def _shelf(tmp_path_factory: pytest.TempPathFactory) -> None:
    """What takes long to prepare for a server is prepared once, for all processes that run tests."""
    mine = tmp_path_factory.getbasetemp()
    serving.shelf = mine.parent if os.environ.get("PYTEST_XDIST_WORKER") else mine


@pytest.fixture
def toy_texts() -> dict[str, str]:
    """The texts of the toy guide, by path; a fresh copy to change at will."""
    return read_files(TOY)


@pytest.fixture
def careful_texts(toy_texts: dict[str, str]) -> dict[str, str]:
    """The same, with a caution about mulch for gardens with slugs."""
    caution = "/// caution | Slugs love it\n    id: slugs-love-it\n    when: {visitors: slugs}\n    weight: care\n    sources: [slug-diary]\nKeep it away from lettuce.\n///\n"
    path = "en/treatments/mulch.md"
    return {**toy_texts, path: f"{toy_texts[path]}\n{caution}"}


@pytest.fixture(scope="session")
def toy() -> Guide:
    """The toy guide, loaded."""
    return load(read_files(TOY))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: tests of a served site often wait for its processes."""
    return (os.cpu_count() or 1) + 1
