"""Whoever steals the database, the logs and the disk of the server can read nothing of a plan in them."""

from __future__ import annotations

import html
import http.client
import os
import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client as Browser
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from guide.content.documents import PlanGroup
from guide.content.files import read_files
from guide.editing.models import Edition
from guide.plans import sealing
from guide.plans.models import Plan
from guide.plans.values import Contents
from tests.bench.crash import TOY
from tests.django_fixtures import loaded
from tests.plans.conftest import postgres
from tests.serving import CONTENT, ROOT, Client, Site, site
from tests.visits import PLAN_FORM, fields_of

no_pg_dump = bool(postgres()) and not shutil.which("pg_dump") and os.environ.get("CI") != "true"

EARLIER = """
import sys
from guide.plans import sealing
from guide.plans.models import Plan
code, mark = sys.stdin.read().split()
plan = Plan.objects.open(sealing.read_code(code))
plan.save(lambda contents: contents.with_value("matters", "goals", mark + "-newer"), keep=True)
print(len(plan.earlier()), "earlier")
"""


class Marker:
    """A word that stands nowhere else, with a number for each place where it is put."""

    def __init__(self) -> None:
        self.word = f"zaunkoenig{secrets.token_hex(6)}"
        self.used = 0

    def next(self) -> str:
        """The word for one more place."""
        self.used += 1
        return f"{self.word}-{self.used}."


def everything(group: PlanGroup, marker: Marker) -> dict[str, str]:
    """Something in every field, and in every column of two rows; in choices too, which a browser would not send."""
    typed = {}
    for field in group.fields:
        if field.type != "group":
            typed[field.key] = marker.next()
        for column in field.fields:
            typed |= {f"{field.key}-{row}-{column.key}": marker.next() for row in range(2)}
    return typed


@pytest.fixture
def loud_site() -> Iterator[Site]:
    """The real guide on a real server that logs all that it can."""
    with site(postgres(), CONTENT, DJANGO_SETTINGS_MODULE="tests.loud_settings") as made:
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--port", str(made.port), "--workers", "2"]
        command += ["--blocking-threads", "4", "--access-log", "--log-level", "debug"]
        made.start(*command, "mbc_site.wsgi:application")
        yield made


@pytest.mark.skipif(no_pg_dump, reason="no pg_dump found: what a stolen PostgreSQL holds is not looked at")
def test_what_was_typed_and_the_codes_are_nowhere_on_the_server(loud_site: Site) -> None:
    marker, groups = Marker(), loaded(read_files(CONTENT)).plan
    owner, other = Client(loud_site.port), Client(loud_site.port)
    first_code = owner.start_plan()
    assert other.open_plan(first_code)
    stale = {group.slug: other.window(group.slug) for group in groups}
    assert len(groups) == 17
    for group in groups:
        assert owner.window(group.slug).save(**everything(group, marker))
        assert stale[group.slug].save(**everything(group, marker))
    remove_rows(owner, groups)
    done = loud_site.manage("shell", "--command", EARLIER, said=f"{first_code} {marker.next()}")
    assert "1 earlier" in done
    view_codes = share(owner, loud_site)
    code = change_code(owner)
    press_every_button(owner)
    take_along_and_bring_back(owner, loud_site, marker)
    stumble(owner, loud_site, marker)
    for client in (owner, other):
        client.close()
    assert marker.used > 400

    words = [marker.word, *(spelled for one in (first_code, code, *view_codes) for spelled in (one, one.replace("-", "")))]
    secrets_of_theirs = {word: [word.encode(), word.lower().encode(), word.encode().hex().encode()] for word in words}
    for name, data in stolen(loud_site):
        assert [word for word, spelled in secrets_of_theirs.items() if any(one in data for one in spelled)] == [], name


def remove_rows(owner: Client, groups: tuple[PlanGroup, ...]) -> None:
    """Remove the first row of each field with rows; the last few can be put back."""
    for group in groups:
        for field in group.fields:
            if field.type == "group":
                window = owner.window(group.slug)
                assert window.save(order=f"remove {field.key}-0")
                assert len(owner.window(group.slug).fields.get(f"{field.key}-1-{field.fields[0].key}", [])) == 0


def share(owner: Client, where: Site) -> list[str]:
    """Give two view codes, open both, withdraw one; both codes."""
    path = "/plan/mine/team/"
    for _ in range(2):
        owner.ask("POST", path, {"csrfmiddlewaretoken": owner.token(path), "lasts": "week"})
    page = owner.page(path)
    codes = re.findall(r'<code id="view-\d+">([0-9A-Z-]+)</code>', page)
    assert len(codes) == 2
    for code in codes:
        team = Client(where.port)
        team.ask("POST", "/plan/team/open/", {"csrfmiddlewaretoken": team.token("/plan/team/"), "code": code})
        assert "To read only" in team.page("/plan/team/plan/")
        team.close()
    withdraw = re.search(r"/plan/mine/team/\d+/withdraw/", page)
    assert withdraw
    assert owner.ask("POST", withdraw[0], {"csrfmiddlewaretoken": owner.token(path)})[0] == 302
    return codes


def change_code(owner: Client) -> str:
    path = "/plan/mine/code/change/"
    page = owner.page(path)
    new = re.search(r'<code id="new-code">([0-9A-Z-]+)</code>', page)
    assert new
    fields = {**fields_of(page, path), "csrfmiddlewaretoken": [owner.token(path)]}
    assert owner.ask("POST", path, fields)[0] == 302
    return new[1]


def press_every_button(owner: Client) -> None:
    """Settle a kept text, put a row back, go back to an earlier text."""
    for group in ("what-matters", "treatment-now"):
        page = owner.page(f"{PLAN_FORM}{group}/")
        for order in re.findall(r'name="order" value="((?:settle|undo|forget) [^"]+)"', page)[:3]:
            assert owner.window(group).save(order=html.unescape(order))
    version = re.search(r"/plan/mine/earlier/\d+/", owner.page("/plan/mine/earlier/"))
    assert version
    assert owner.ask("POST", version[0], {"csrfmiddlewaretoken": owner.token("/plan/mine/earlier/")})[0] == 302


def take_along_and_bring_back(owner: Client, where: Site, marker: Marker) -> None:
    """Every page and file of the plan; a new plan from its file."""
    for path in ("", "print/", "print/?code=1", "paper.pdf?type=large", "plan.txt", "fhir.json", "earlier/", "take/", "code/"):
        assert owner.ask("GET", f"/plan/mine/{path}")[0] == 200, path
    copy = owner.page("/plan/mine/plan.json")
    # It is there for its owner. (Removed rows and earlier texts are in no file.)
    assert len(set(re.findall(rf"{marker.word}-\d+", copy))) > 300
    newcomer = Client(where.port)
    fields = {"csrfmiddlewaretoken": newcomer.token("/plan/"), "file": SimpleUploadedFile("my-plan.json", copy.encode())}
    status, _, _ = newcomer.ask("POST", "/plan/load/", body=encode_multipart(BOUNDARY, fields), kind=MULTIPART_CONTENT)
    assert status in (200, 302)
    assert marker.word in newcomer.page("/plan/mine/plan.json")
    newcomer.close()


def stumble(owner: Client, where: Site, marker: Marker) -> None:
    """Whatever goes wrong with what is typed."""
    stranger = Client(where.port)
    for typed in (marker.next(), f"{sealing.new_code()} {marker.next()}", sealing.new_code()):
        assert not stranger.open_plan(typed)
    token = owner.token(f"{PLAN_FORM}questions/")
    word = marker.next()
    assert is_too_much(owner, {"csrfmiddlewaretoken": token, "notes": word * 50_000})
    assert word not in owner.page("/plan/mine/plan.json")
    assert stranger.ask("POST", f"{PLAN_FORM}questions/", {"notes": marker.next()})[0] == 403
    locked = {"csrfmiddlewaretoken": stranger.token("/plan/"), "notes": marker.next(), "code": marker.next()}
    assert stranger.ask("POST", f"{PLAN_FORM}questions/", locked)[0] == 422
    stranger.close()


def is_too_much(owner: Client, form: dict[str, str]) -> bool:
    """Whether a form is refused for its length. The server hangs up then, maybe before all of it was sent."""
    try:
        return owner.ask("POST", f"{PLAN_FORM}questions/", form)[0] == 400
    except OSError:
        return True
    finally:
        owner.close()


def stolen(where: Site) -> Iterator[tuple[str, bytes]]:
    """Everything that a thief finds, by name; and that it is what we think it is."""
    files = [path for folder in (where.folder, ROOT / "var") for path in folder.rglob("*") if path.is_file()]
    log = where.log.read_bytes()
    assert b"POST /plan/open/" in log and b'UPDATE "guide_plan" SET' in log
    yield from ((str(path), path.read_bytes()) for path in files)
    if postgres():
        for form in ("plain", "custom"):
            dump = subprocess.run(["pg_dump", f"--format={form}", where.database], check=True, capture_output=True).stdout
            assert b"guide_plan" in dump and b"guide_shared_cache" in dump
            yield f"pg_dump, {form}", dump
    else:
        names = {path.name for path in files}
        assert {"guide.sqlite3", "guide.sqlite3-wal", "guide.sqlite3-shm"} <= names


def spellings(code: str) -> list[str]:
    """How people type a code into an address, mistakes and all; each with letters of the code that stand in a row."""
    groups = code.split("-")
    joined = "".join(groups)
    return [
        code,
        code.lower(),
        joined,
        joined.lower(),
        "%20".join(groups),
        "%E2%80%93".join(groups),  # dashes, as phones like to make them
        "-".join(groups[:-2]),  # the end is missing
        f"{code}{code}",
        f"{joined[:9]}!{joined[10:]}",  # a wrong letter
        f"{groups[0]}/{'-'.join(groups[1:])}",
    ]


def a_code() -> str:
    """One with digits, as all but a few have."""
    return next(code for code in iter(lambda: sealing.spell(sealing.new_code()), None) if any(map(str.isdigit, code)))


def test_a_code_that_was_typed_into_the_address_leads_to_the_door_and_is_in_no_log() -> None:
    code = a_code()
    below = [f"/plan/{before}{typed}{after}" for typed in spellings(code) for before in ("", "mine/", "open/") for after in ("", "/", "?")]
    team = [f"/plan/team/{typed}{after}" for typed in spellings(code) for after in ("", "/")]
    root = [f"/{typed}{after}" for typed in spellings(code)[:5] for after in ("", "/")]
    lost = [f"/{code}.html", f"/Plan/{code}", f"/plan/{code}%0A", f"//plan/{code}", f"/for-me/{code}", f"/guide/{code}/", f"/static/{code}"]
    with site(postgres(), TOY, DJANGO_SETTINGS_MODULE="tests.loud_settings", GRANIAN_LOG_ACCESS_ENABLED="true", TRUST_PROXY="true") as made:
        made.start()
        client = Client(made.port)
        for paths, door in ((below, "/plan/"), (team, "/plan/team/"), (root, "/plan/")):
            for path in paths:
                status, headers, _ = client.ask("GET", path)
                assert (status, headers["location"]) == (302, door), path
                assert headers["cache-control"] == "no-store, private" and headers["referrer-policy"] == "no-referrer", path
        assert [client.ask("GET", path)[0] for path in lost] == [404] * len(lost)
        assert [client.ask("POST", path, {})[0] for path in (below[0], team[0], root[0])] == [403] * 3
        client.ask("GET", "/plan/open/")
        client.close()
        address = f"https://elsewhere.example/plan/{code}"
        https = {"X-Forwarded-Proto": "https", "Cookie": f"csrftoken={'x' * 32}"}
        for path, headers in (
            ("/plan/open/", {**https, "Referer": address}),
            ("/plan/open/", {"Origin": address}),
            (below[0], {"Host": "no"}),
        ):
            raw = http.client.HTTPConnection("127.0.0.1", made.port)
            raw.request("POST", path, b"", headers)
            assert raw.getresponse().status in (400, 403)
            raw.close()
        made.stop()
        log = made.log.read_text()
    assert "Not Found: (no such page)" in log and "Not Found: /guide/<slug:slug>/" in log
    assert "Forbidden (Referer checking failed): /plan/open/" in log and "Method Not Allowed (GET): /plan/open/" in log
    letters = re.sub("[^0-9A-Z]", "", log.upper().replace("%20", ""))
    joined = code.replace("-", "")
    assert [part for part in (joined[:6], joined[10:16]) if part in letters] == []


def test_an_address_that_lacks_only_its_last_stroke_still_finds_its_page(client: Browser, garden: Edition) -> None:
    for path in ("/plan/mine", "/plan/team", "/plan/mine/print", "/plan/mine/group/my-garden"):
        response = client.get(path)
        assert (response.status_code, response["Location"]) == (302, f"{path}/")
    assert client.get("/plan/mine/print?type=more&paper=a4")["Location"] == "/plan/mine/print/?type=more&paper=a4"
    assert client.get("/plan/mine/paper.pdf/")["Location"] == "/plan/"


@pytest.mark.skipif(bool(postgres()), reason="PostgreSQL overwrites deleted rows when it vacuums")
@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_is_in_no_file_of_the_database_any_more() -> None:
    kept, plan = (Plan.objects.start(Contents().with_value("garden", "name", secrets.token_hex(20_000))) for _ in range(2))
    plan.save(lambda contents: contents.with_value("garden", "beds", "6"), keep=True)
    old = plan.earlier()[0][0]
    marks = [
        piece
        for sealed in (plan.row.sealed, plan.row.wrapped_key, bytes(plan.row.earlier.get(version=old).sealed))
        for start in range(0, len(sealed), 1000)
        if len(piece := bytes(sealed[start : start + 40])) == 40
    ]
    before = files_of_the_database()
    assert sum(mark in before for mark in marks) > len(marks) * 0.9 > 50  # a few lie across two pages
    plan.delete()
    after = files_of_the_database()
    assert bytes(kept.row.wrapped_key) in after
    assert [mark for mark in marks if mark in after] == []


def files_of_the_database() -> bytes:
    file = Path(str(connection.settings_dict["NAME"]))
    return b"".join(part.read_bytes() for part in sorted(file.parent.glob(file.name + "*")))
