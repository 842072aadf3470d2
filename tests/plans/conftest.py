"""A real server for tests of plans that need more than one process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.bench.crash import TOY
from tests.serving import Site, site

CROWD = 100  # windows


@pytest.fixture(scope="session")
def prepared_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The toy guide with a field for each window of a crowd, on the kind of database that the tests run on."""
    content = tmp_path_factory.mktemp("crowd") / "content"
    shutil.copytree(TOY, content)
    fields = "".join(f"  - {{key: window_{number}, label: Window {number}, type: text}}\n" for number in range(CROWD))
    (content / "en" / "plan" / "90-crowd.md").write_text(f"---\nkey: crowd\ntitle: The crowd\nfields:\n{fields}---\n")
    with site(postgres(), content) as made:
        yield made


@pytest.fixture
def toy_site(prepared_site: Site) -> Iterator[Site]:
    """The same, not running; what was started is gone at the end."""
    yield prepared_site
    prepared_site.stop()


def postgres() -> str:
    """The address of the PostgreSQL that the tests run on; empty on SQLite."""
    address = os.environ.get("DATABASE_URL", "")
    return address if address.startswith("postgres") else ""
