"""The desk of the editors, for tests in a browser: who works there, and what its database holds."""

from __future__ import annotations

import base64
import re
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from django_otp.oath import TOTP

from tests.browser.visitor import Server, Visitor


@dataclass
class Account:
    """A member of staff as `manage.py demo` prints them."""

    name: str
    password: str
    key: bytes


def accounts(server: Server) -> dict[str, Account]:
    """Editor, reviewer, publisher, each new, and a document in each state."""
    printed = server.site.manage("demo", "--yes")
    found = re.findall(r"(demo-(\w+)) +(\S+) .*?secret=([A-Z2-7]+)", printed, re.DOTALL)
    return {role: Account(name, password, _of_base32(key)) for name, role, password, key in found}


def _of_base32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def sign_in(visitor: Visitor, account: Account) -> None:
    """With a password and a code of an app."""
    visitor.go("/admin/")
    page = visitor.page
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()
    signed_in = page.get_by_role("button", name="Log out")
    for _ in range(5):  # on a busy machine a code can be too old before it arrives
        _forget_used_codes(visitor.server)
        totp = TOTP(account.key)
        totp.time = time.time()  # the server goes by this clock too
        page.get_by_label("Code:").fill(f"{totp.token():06d}")
        page.get_by_role("button", name="Go on").click()
        signed_in.or_(page.get_by_text("This code is not right")).wait_for()
        if signed_in.is_visible():
            return
    raise AssertionError("no code was taken")


def _forget_used_codes(server: Server) -> None:
    """A code counts once in half a minute, and whoever typed a wrong one waits; tests do not wait that long."""
    with sqlite3.connect(server.database, timeout=20) as database:
        database.execute("update otp_totp_totpdevice set last_t = -1, throttling_failure_count = 0, throttling_failure_timestamp = null")


def edit(server: Server, path: str) -> str:
    """Where a document is edited."""
    return f"/admin/documents/{asked(server, 'select id from guide_document where path = ?', path)}/edit/"


def history(server: Server, path: str) -> str:
    """Where its texts so far stand."""
    return edit(server, path).replace("edit", "history")


def in_state(server: Server, state: str) -> str:
    """The path of a document that has a text in such a state."""
    return str(asked(server, f"select path from guide_document {_TEXTS}", state))


def review(server: Server, state: str) -> str:
    """Where a text in such a state is reviewed."""
    return f"/admin/texts/{asked(server, f'select guide_revision.id from guide_document {_TEXTS}', state)}/review/"


_TEXTS = "join guide_revision on guide_revision.document_id = guide_document.id where state = ? order by guide_revision.id"


def draft(server: Server, path: str) -> str:
    """The text of a document that is on its way."""
    return str(asked(server, f"select text {_ON_ITS_WAY}", path))


def saves(server: Server, path: str) -> int:
    """How often it was saved."""
    return int(asked(server, f"select version {_ON_ITS_WAY}", path))


_ON_ITS_WAY = """from guide_document join guide_revision on guide_revision.document_id = guide_document.id
    where path = ? and state in ('draft', 'in-review')"""


def asked(server: Server, question: str, *known: str) -> Any:
    """The first column of what the database answers first."""
    with sqlite3.connect(server.database, timeout=20) as database:
        (answer,) = database.execute(question, known).fetchone()
    return answer
