"""The whole chain on a phone, with JavaScript and without: read, answer, see why, plan, come back, print, delete."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from guide.content.documents import Guide, PlanField
from guide.content.files import read_files
from tests.browser.visitor import Held, Server, Visitor
from tests.django_fixtures import loaded
from tests.serving import CONTENT, token_in
from tests.visits import PLAN_FORM, fields_of

MARKER = "Zaunkönig-4711"


def test_a_reader_goes_from_the_front_page_to_a_printed_plan_and_back(visitor: Visitor, server: Server) -> None:
    page = visitor.page
    visitor.go("/")
    visitor.check_page()
    _read_the_guide(visitor)
    _answer_the_questions(visitor)
    _look_at_the_results(visitor)

    page.get_by_role("button", name="Start my plan with these answers").click()
    visitor.check_page()
    code = page.locator(".code code").inner_text()
    for needs_scripts in ("[data-copy]", "[data-print]"):
        expect(page.locator(needs_scripts)).to_be_visible(visible=visitor.scripts)
    page.get_by_role("link", name="I have it. Go on").click()
    visitor.check_page()
    _fill_in(visitor)

    page.get_by_role("button", name="Close plan").click()
    visitor.check_page()
    page.get_by_label("The code of your plan").fill(code.replace("-", " ").lower() + "x")
    page.get_by_role("button", name="Open my plan").click()
    expect(page.locator(".error-summary")).to_contain_text("No plan opens with this code")
    visitor.check_page()
    page.get_by_label("The code of your plan").fill(code.replace("-", " ").lower())
    page.get_by_role("button", name="Open my plan").click()
    page.get_by_role("link", name="Print", exact=True).click()
    visitor.check_page()
    expect(page.locator(".side").last).to_contain_text(MARKER)
    expect(page.locator(".side").first).to_contain_text("HER2: Positive")

    _is_written_nowhere(server, code)
    page.get_by_role("link", name="All parts").click()
    page.get_by_role("link", name="Delete this plan").click()
    expect(page.get_by_role("heading", name="Delete this plan?")).to_be_visible()
    visitor.check_page()
    page.get_by_role("button", name="Delete it now").click()
    page.get_by_label("The code of your plan").fill(code)
    page.get_by_role("button", name="Open my plan").click()
    expect(page.locator(".error-summary")).to_contain_text("No plan opens with this code")
    assert len(visitor.checked) >= 14, sorted(visitor.checked)


def test_a_full_plan_is_two_sides_of_paper_until_what_is_never_cut_needs_more(new_visitor: Callable[[bool], Visitor]) -> None:
    visitor = new_visitor(True)
    visitor.go("/plan/")
    visitor.page.get_by_role("button", name="Start a blank plan").click()
    guide = loaded(read_files(CONTENT))
    _fill_in_all(visitor, guide, rows=lambda field: 1 if field.never_cut else field.max_rows)
    visitor.go("/plan/mine/print/")
    assert visitor.page.locator(".side").count() == 2
    for paper in ("A4", "Letter"):
        assert len(PdfReader(io.BytesIO(visitor.page.pdf(format=paper))).pages) == 2, paper
    for block in guide.paper:
        assert visitor.page.locator(f".{block.id}").count() == 1, f"{block.title} is not on paper"

    _fill_in_all(visitor, guide, rows=lambda field: field.max_rows)
    visitor.go("/plan/mine/print/")
    assert visitor.page.locator(".side").count() == 2
    assert len(PdfReader(io.BytesIO(visitor.page.pdf())).pages) > 2
    never_cut = [field for group in guide.plan for field in group.fields if field.never_cut and field.type == "group"]
    for field in never_cut:
        assert visitor.page.locator(f".{field.print}").locator("tbody tr, li").count() >= field.max_rows, field.label
    assert len(never_cut) >= 4


def _fill_in_all(visitor: Visitor, guide: Guide, rows: Callable[[PlanField], int]) -> None:
    """Every field with the longest that it takes, and lists with so many rows."""
    for group in guide.plan:
        path = f"{PLAN_FORM}{group.slug}/"
        page = visitor.context.request.get(visitor.server.url + path).text()
        form = {"base": fields_of(page, path)["base"][0], "csrfmiddlewaretoken": token_in(page)}
        for field in group.fields:
            if field.type == "group":
                for number in range(rows(field)):
                    form |= {f"{field.key}-{number}-{column.key}": _longest(column) for column in field.fields}
            else:
                form[field.key] = _longest(field)
        answer = visitor.context.request.post(visitor.server.url + path, form=dict(form), max_redirects=0)
        assert answer.status == 302, answer.text()


def test_two_windows_keep_both_texts(new_visitor: Callable[[bool], Visitor]) -> None:
    visitor = new_visitor(True)
    first = visitor.page
    visitor.go("/plan/")
    first.get_by_role("button", name="Start a blank plan").click()
    visitor.go("/plan/mine/group/what-matters/")
    second = visitor.context.new_page()
    second.goto(first.url)
    _type_and_wait(first, "What worries me most", "from the first window")
    _type_and_wait(second, "What worries me most", "from the second window")
    expect(second.locator("#saved")).to_contain_text("Another window changed this too")
    second.get_by_role("link", name="Show both").click()
    expect(second.get_by_label("What worries me most")).to_have_value("from the second window")
    expect(second.locator(".kept")).to_contain_text("from the first window")
    second.get_by_role("button", name="Use this text").click()
    expect(second.get_by_label("What worries me most")).to_have_value("from the first window")
    expect(second.locator(".kept")).to_contain_text("from the second window")


def test_a_slow_line_does_not_make_a_window_clash_with_itself(new_visitor: Callable[[bool], Visitor]) -> None:
    visitor = new_visitor(True)
    visitor.take_the_time()
    page = visitor.page
    visitor.go("/plan/")
    page.get_by_role("button", name="Start a blank plan").click()
    visitor.go("/plan/mine/group/what-matters/")

    held = Held(page, "**/group/**")
    worry = page.get_by_label("What worries me most")
    worry.press_sequentially("the ", delay=5)
    visitor.later(1)  # what stands there is sent
    under_way = held.next()
    for word in ("long ", "way "):
        worry.press_sequentially(word, delay=5)
        visitor.later(1)
        assert held.none(), "one at a time"
        under_way.continue_()
        under_way = held.next()
    worry.press_sequentially("home", delay=5)
    page.get_by_role("button", name=re.compile("^Save and go on")).click()
    under_way.continue_()
    held.next().continue_()
    page.wait_for_url("**/group/questions/")
    page.unroute("**/group/**")
    visitor.go("/plan/mine/group/what-matters/")
    expect(page.get_by_label("What worries me most")).to_have_value("the long way home")
    assert page.locator(".kept").count() == 0


def test_a_save_that_failed_is_told_and_sent_again(new_visitor: Callable[[bool], Visitor]) -> None:
    visitor = new_visitor(True)
    visitor.take_the_time()
    page = visitor.page
    visitor.go("/plan/")
    page.get_by_role("button", name="Start a blank plan").click()
    visitor.go("/plan/mine/group/what-matters/")
    page.route("**/group/**", lambda route: route.fulfill(status=502, body="Bad gateway"))
    page.get_by_label("What worries me most").press_sequentially("the line", delay=5)
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    page.unroute("**/group/**")
    visitor.later_until(page.locator("#saved [data-state=saved]"))
    expect(page.locator("#saved")).to_contain_text("Saved at")
    visitor.go("/plan/mine/group/what-matters/")
    expect(page.get_by_label("What worries me most")).to_have_value("the line")
    assert all("502" in complaint for complaint in visitor.complaints)
    visitor.complaints.clear()


def _read_the_guide(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("main").get_by_role("link", name="Read the guide").click()
    visitor.check_page()
    pages = page.locator(".contents a")
    assert pages.count() > 20
    pages.first.click()
    visitor.check_page()
    for path in (
        "/guide/her2-positive-summary/",
        "/guide/brain/",
        "/guide/treatments/trastuzumab/",
        "/guide/words/",
        "/guide/treatments/",
        "/guide/changes/",
    ):
        visitor.go(path)
        visitor.check_page()
        expect(page.locator("body")).to_contain_text("Not yet reviewed by a clinician")
    assert visitor.context.cookies() == [], "reading leaves no cookie"


def _answer_the_questions(visitor: Visitor) -> None:
    page = visitor.page
    visitor.go("/for-me/")
    visitor.check_page()
    page.get_by_role("link", name="Start", exact=True).click()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator(".error-summary")).to_contain_text("Choose an answer")
    visitor.check_page()
    # HER2-positive, first treatment, metastatic from the start; not sure of everything else.
    wanted = {
        "What is the HER2 result": "Positive",
        "Which treatment for metastatic": "My first",
        "metastatic from the start": "It had spread when it was first found",
    }
    while not page.url.endswith("/answers/"):
        here = page.url
        # An answer may bring up another question of the page: at once, or without scripts on the same page again.
        while (open_ones := page.locator("fieldset:visible:not(:has(:checked))")).count():
            question = open_ones.first
            words = question.locator("legend").inner_text()
            label = next((answer for piece, answer in wanted.items() if piece in words), "I’m not sure")
            question.get_by_label(label, exact=True).check()
            assert words not in page.title(), "a title tells no question"
        if here.endswith(("/1/", "/2/")):
            visitor.check_page()
        page.get_by_role("button", name="Continue").click()
        if visitor.scripts:
            page.wait_for_url(lambda url, here=here: url != here)  # type: ignore[misc]
    visitor.check_page()
    expect(page.locator(".answers")).to_contain_text("Positive")


def _look_at_the_results(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="See what applies to me").click()
    visitor.check_page()
    applies = page.locator("section", has=page.locator("h2#applies"))
    expect(applies).to_contain_text("You said: HER2-positive")
    expect(page.locator("section", has=page.locator("h2#others"))).to_contain_text("Depends on")
    expect(page.locator("section", has=page.locator("h2#not"))).to_contain_text("This is for: HER2-negative")
    _read_my_guide(visitor)
    _change_an_answer(visitor)


def _read_my_guide(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="Read the guide as it applies to you").click()
    visitor.check_page()
    page.get_by_role("link", name="Triple-negative breast cancer").click()
    visitor.check_page()
    folded = page.locator("details.folded")
    assert folded.count() > 5
    expect(folded.first.locator(".why").first).to_be_hidden()
    folded.first.locator("summary").click()
    expect(folded.first).to_contain_text("You said: HER2-positive.")
    page.get_by_role("link", name="My results").click()


def _change_an_answer(visitor: Visitor) -> None:
    page = visitor.page
    page.locator("#said ~ details summary").click()
    page.get_by_role("link", name=re.compile("^Change.*Which treatment for metastatic")).click()
    page.get_by_label("My second", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/for-me/results/")
    expect(page.locator("section", has=page.locator("h2#change"))).to_contain_text(re.compile(r"New: [1-9]\d*\. Gone: [1-9]"))
    visitor.check_page()
    page.locator("#questions ~ .ticks input").first.check()


def _fill_in(visitor: Visitor) -> None:
    page = visitor.page
    page.get_by_role("link", name="My cancer").first.click()
    visitor.check_page()
    expect(page.locator("input[name=her2][value=positive], select[name=her2] option[value=positive]:checked")).to_have_count(1)
    visitor.go("/plan/mine/group/what-matters/")
    visitor.check_page()
    if visitor.scripts:
        _type_and_wait(page, "What I hope for and want to do", f"Hear the {MARKER} again")
    else:
        page.get_by_label("What I hope for and want to do").fill(f"Hear the {MARKER} again")
        page.get_by_role("button", name="Save", exact=True).last.click()
        expect(page.locator("#saved")).to_contain_text("Saved")
    visitor.go("/plan/mine/group/treatment-now/")
    page.locator("input[name=current-0-name]").fill("A medicine")
    page.get_by_role("button", name=re.compile("^Add another.*Cancer treatment I have now")).click()
    expect(page.locator("input[name=current-0-name]")).to_have_value("A medicine")
    page.locator("input[name=current-1-name]").fill("Another medicine")
    page.get_by_role("button", name=re.compile("^Save and go on")).click()
    page.wait_for_url("**/group/treatment-so-far/")
    visitor.go("/plan/mine/group/treatment-now/")
    page.get_by_role("button", name=re.compile("^Remove.*Medicine 1")).click()
    expect(page.locator("input[name=current-0-name]")).to_have_value("Another medicine")


def _type_and_wait(page: Page, label: str, text: str) -> None:
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.get_by_label(label).press_sequentially(text, delay=5)
    expect(page.locator("#saved")).to_contain_text(re.compile("Saved at|Another window"))


def _is_written_nowhere(server: Server, code: str) -> None:
    """What was typed and ticked, and the code, are not readable in the database or the log."""
    files = [path for path in server.site.folder.iterdir() if path.is_file()]
    assert server.site.log in files and server.database in files
    for path in files:
        data = path.read_bytes()
        for secret in (MARKER, code, code.replace("-", ""), "Another medicine"):
            assert secret.encode() not in data, f"{secret} stands in {path.name}"
    assert b"her2=" not in server.site.log.read_bytes()


def _longest(field: PlanField) -> str:
    if field.choices:
        return max(field.choices, key=lambda choice: len(choice.label)).id
    if field.type == "date_partial":
        return "2024-03-15"
    if field.type in ("integer", "decimal"):
        return "12"
    words = "walking in the garden with my sister and her children on a good day in spring "
    return (words * 20)[: field.max].strip()
