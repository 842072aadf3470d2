"""Taking a plan along and bringing it back, on the web."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guide.content.files import read_files
from guide.editing.models import Edition
from guide.plans import fhir, knocks
from guide.plans.models import Plan
from guide.plans.summary import boxes
from guide.plans.takeaway import LARGEST, NOT_A_PLAN, TOO_LARGE
from guide.plans.views.exports import NO_FILE
from tests.content.test_codes import GOOD
from tests.django_fixtures import loaded, published
from tests.plans.contents import marked, words_in
from tests.plans.test_team import give, opened
from tests.visits import code_of, html, look, other_window, path_of, save, start_plan

GARDEN, GROUND = "my-garden", "my-ground"
FILES = {
    "/plan/mine/plan.json": ("application/json", "my-plan.json"),
    "/plan/mine/plan.txt": ("text/plain; charset=utf-8", "my-plan.txt"),
    "/plan/mine/fhir.json": ("application/fhir+json", "my-plan-fhir.json"),
}


@pytest.fixture
def coded(garden: Edition, toy_texts: dict[str, str]) -> Edition:
    """The toy guide with a codes.yaml whose patients FHIR's model takes."""
    codes = GOOD.replace("name: {$text: garden.name}", '"name?": [{text: {$text: garden.name}}]')
    codes = codes.replace("      soil: {$coded: ground.soil, by: soil}\n", '      "maritalStatus?": {$coded: ground.soil, by: soil}\n')
    codes = codes.replace(
        "      tools: {$each: garden.tools, of: {$text: .}}\n", '      "telecom?": {$each: garden.tools, of: {value: {$text: .}}}\n'
    )
    codes = codes.replace("of: {$ref: gardener}, who:", '"subject?": {$ref: gardener}, code: {text: here}, "author?":')
    codes = codes.replace("then: {$text: .visitor}", "then: {display: {$text: .visitor}}").replace(
        "{resourceType: Bundle}", "{resourceType: Bundle, type: collection}"
    )
    return published({**toy_texts, "codes.yaml": codes})


def upload(client: Client, data: bytes, name: str = "my-plan.json") -> Any:
    return client.post("/plan/load/", {"file": SimpleUploadedFile(name, data)})


def taken(client: Client) -> bytes:
    return bytes(client.get("/plan/mine/plan.json").content)


@pytest.mark.usefixtures("coded")
def test_the_page_leads_to_every_file(client: Client) -> None:
    start_plan(client)
    page = html(client.get("/plan/mine/take/"))
    assert all(path in page for path in FILES)
    assert "Say which pests" in page
    assert "what the form keeps just for you stays out" in page


@pytest.mark.usefixtures("garden")
def test_without_codes_there_is_no_file_for_the_hospital(client: Client) -> None:
    start_plan(client)
    assert "fhir" not in html(client.get("/plan/mine/take/")).lower()
    assert path_of(client.get("/plan/mine/fhir.json")) == "/plan/mine/take/"


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("path", FILES)
def test_a_file_is_saved_under_a_name_that_tells_nothing(client: Client, path: str) -> None:
    code = start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Grüne Oase 🌱")
    response = client.get(path)
    content_type, name = FILES[path]
    assert response.status_code == 200
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert response.headers["Cache-Control"] == "no-store, private"
    text = html(response)
    assert "Grüne Oase 🌱" in text
    assert code not in text and code.replace("-", "") not in text


@pytest.mark.usefixtures("coded")
@pytest.mark.parametrize("path", [*FILES, "/plan/mine/take/"])
def test_without_an_open_plan_every_file_leads_to_the_door(client: Client, path: str) -> None:
    assert path_of(client.get(path)) == "/plan/"
    assert client.post(path).status_code in (302, 405)


@pytest.mark.usefixtures("coded")
def test_the_reader_chooses_what_goes_along(client: Client) -> None:
    start_plan(client)
    save(client, GROUND, look(client, GROUND), visitors__0__visitor="slugs")
    assert "Slugs" not in html(client.get("/plan/mine/fhir.json"))
    assert "Slugs" in html(client.get("/plan/mine/fhir.json?with=pests&with=moon"))


@pytest.mark.usefixtures("coded")
def test_what_is_not_fhir_is_not_handed_out_and_the_log_tells_no_text(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    start_plan(client)
    wrong = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "birthDate": "my secret"}}]}
    monkeypatch.setattr(fhir, "bundle", lambda *_: wrong)
    with caplog.at_level(logging.ERROR):
        response = client.get("/plan/mine/fhir.json")
    assert response.status_code == 500
    assert "Please take the text file instead." in html(response)
    told = "\n".join(record.getMessage() for record in caplog.records)
    assert "birthDate" in told
    assert "secret" not in told and "secret" not in html(response)


@pytest.mark.usefixtures("garden")
def test_a_plan_comes_back_under_a_new_code(client: Client) -> None:
    code = start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Eden", tools=["spade", "can"])
    save(client, GROUND, look(client, GROUND), soil="not_sure", visitors__0__visitor="slugs", more="wet\nand cold")
    copy = taken(client)
    window = Client()
    assert path_of(upload(window, copy)) == "/plan/mine/code/"
    assert code_of(window) != code
    assert {name: values for name, values in look(window, GARDEN).items() if name in ("name", "tools")} == {
        "name": ["Eden"],
        "tools": ["spade", "can"],
    }
    assert look(window, GROUND)["visitors-0-visitor"] == ["slugs"]
    assert json.loads(taken(window))["values"] == json.loads(copy)["values"]


@pytest.mark.usefixtures("garden")
def test_what_was_left_out_is_named_once(client: Client) -> None:
    data = {"format": "treatment-plan", "version": 1, "values": {"garden": {"name": "Eden", "<i>moon</i>": "full"}}}
    response = upload(client, json.dumps(data).encode())
    assert response.status_code == 200
    assert "<li>My garden: &lt;i&gt;moon&lt;/i&gt;</li>" in html(response)
    assert response.headers["Cache-Control"] == "no-store, private"
    assert look(client, GARDEN)["name"] == ["Eden"]


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"hello", NOT_A_PLAN),
        (b"[" * 200_000, NOT_A_PLAN),
        (b'{"format": "treatment-plan", "version": 1, "values": {"garden": ' + b"[" * 50_000, NOT_A_PLAN),
        (b" " * (LARGEST - 10), NOT_A_PLAN),
        (b" " * (LARGEST + 10), TOO_LARGE),
        (b" " * (4 * LARGEST), TOO_LARGE),
    ],
)
def test_another_file_is_refused_beside_the_field(client: Client, data: bytes, message: str) -> None:
    response = upload(client, data)
    assert response.status_code == 422
    assert response.context["file_error"] == message
    assert Plan.objects.count() == 0
    assert "plan" not in response.cookies


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("posted", [{}, {"file": ""}, {"file": "not a file"}])
def test_no_file_is_asked_for(client: Client, posted: dict[str, str]) -> None:
    response = client.post("/plan/load/", posted)
    assert response.status_code == 422
    assert response.context["file_error"] == NO_FILE


@pytest.mark.usefixtures("garden")
def test_files_count_as_new_plans(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knocks, "STARTED", knocks.Quota("new-plan", 2))
    assert [upload(client, b"x").status_code for _ in range(3)] == [422, 422, 429]
    assert client.post("/plan/start/").status_code == 429


@pytest.mark.usefixtures("garden")
def test_a_file_needs_a_token() -> None:
    assert upload(Client(enforce_csrf_checks=True), b"{}").status_code == 403


@pytest.mark.django_db
def test_the_hospital_file_holds_what_paper_and_team_hold_and_no_more() -> None:
    real = read_files(settings.CONTENT_DIR)
    published(real)
    plan = marked(loaded(real))
    assert plan.hidden
    assert words_in(str(boxes(loaded(real), plan.contents))) == plan.printed

    owner = other_window(Plan.objects.start(plan.contents).code)
    team = opened(give(owner))
    assert words_in(html(team.get("/plan/team/plan/"))) == plan.printed
    assert words_in(html(team.get("/plan/team/fhir.json"))) == plan.printed
    assert words_in(html(owner.get("/plan/mine/fhir.json?with=aims"))) == plan.printed
    for name in ("plan.json", "plan.txt"):
        assert words_in(html(owner.get(f"/plan/mine/{name}"))) == plan.printed | plan.hidden
