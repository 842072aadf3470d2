"""What applies to me, for many readers: a browser shows what the command says."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from guide.content.answers import Said, known
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.weighing import weigh
from guide.management.commands.applies import as_json
from guide.wizard.flow import walk, whole_walk
from guide.wizard.proof import random_reader
from tests.browser.visitor import Visitor
from tests.django_fixtures import loaded
from tests.serving import CONTENT

READERS = 3  # in a browser; tests/wizard/test_results.py has many more, and a browser shows the same page to all of them


def test_the_results_in_a_browser_are_those_of_the_command(new_visitor: Callable[[bool], Visitor]) -> None:
    guide = loaded(read_files(CONTENT))
    random = Random(2018)
    visitor = new_visitor(False)
    for _ in range(READERS):
        visitor.context.clear_cookies()
        said = answer_everything(visitor, guide, random_reader(guide, random))
        visitor.go("/for-me/results/")
        results = as_json(weigh(guide, known(said, guide.questions)))
        often = [option["title"] for option in results["shown"] if option["group"] == "often-discussed"]
        assert sorted(_titles(visitor, "applies", ".title")) == sorted(often), said
        others = [option["title"] for option in results["shown"] if option["group"] != "often-discussed"]
        assert _titles(visitor, "others", ".title") == others, said
        wanted = sorted(option["title"] for option in results["options"] if option["verdict"] == "does-not-apply")
        assert sorted(_titles(visitor, "not", ".reasons > li > a")) == wanted, said


def test_by_keyboard_alone_each_page_is_reached_answered_and_left(visitor: Visitor) -> None:
    """With scripts, the focus goes to the new page after each swap, and to the error where there is one."""
    page, keys = visitor.page, visitor.page.keyboard
    visitor.go("/for-me/1/")
    asked = [page.locator("h1").inner_text()]
    _tab_to(page, "button", "Continue")
    keys.press("Enter")
    expect(page.locator(".error-summary")).to_be_visible()
    if visitor.scripts:
        expect(page.locator(".error-summary")).to_be_focused()
    for number in range(2, 7):
        for place in range(page.locator("fieldset:visible").count()):
            _tab_to_choice(page, place)
            keys.press("Space")
        _tab_to(page, "button", "Continue")
        keys.press("Enter")
        page.wait_for_url(f"**/for-me/{number}/")
        expect(page.locator("#step .progress")).to_contain_text(f"Step {number} of about")
        if visitor.scripts:
            expect(page.locator("h1")).to_be_focused()
        asked.append(page.locator("h1").inner_text())
    assert len(set(asked)) == 6
    for title in (asked[4], asked[3]):
        page.go_back()
        expect(page.locator("h1")).to_have_text(title)
    assert page.locator("input:checked").count() == 1, "the answer is still there"
    _tab_to(page, "a", "Back")
    keys.press("Enter")
    expect(page.locator("h1")).to_have_text(asked[2])


def test_a_screen_reader_is_told_question_hint_and_error(visitor: Visitor) -> None:
    """The tree that Chromium hands to screen readers."""
    visitor.go("/for-me/1/")
    for number in range(1, 7):
        page = visitor.page
        page.get_by_role("button", name="Continue").click()
        expect(page.locator(".error-summary")).to_be_visible()
        errors = page.locator(".error-summary li").all_inner_texts()
        tree = _tree(page)
        shown = page.locator("fieldset:visible")
        assert len(errors) == shown.count()
        for place in range(shown.count()):
            frame = shown.nth(place)
            title = frame.locator("legend").inner_text()
            (group,) = [node for node in tree if node["role"] in ("group", "radiogroup") and node["name"] == title]
            assert frame.locator("> .hint").inner_text() in group["description"]
            assert errors[place] in group["description"]
        assert any(node["role"] == "alert" for node in tree)
        choices = [node for node in tree if node["role"] in ("radio", "checkbox")]
        assert [choice["name"] for choice in choices] == page.locator(".choice:visible label").all_inner_texts()
        assert "We’ll add a question for your care team" in choices[-1]["description"]
        bar = next(node for node in tree if node["role"] == "progressbar")
        assert f"Step {number} of about" in bar["name"]
        _not_sure(page)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"**/for-me/{number + 1}/")


def test_continue_is_in_sight_and_hides_nothing_that_has_the_focus(visitor: Visitor) -> None:
    """On a phone, on every page of a way: also where the choices are longer than the screen."""
    visitor.go("/for-me/1/")
    page = visitor.page
    long = 0
    while "/answers/" not in page.url:
        button = page.get_by_role("button", name="Continue")
        expect(button).to_be_in_viewport(ratio=1)
        if page.evaluate("document.querySelector('.onward').getBoundingClientRect().bottom >= innerHeight - 1"):
            long += 1
            assert page.evaluate(COVERED) == [], page.url
        assert page.locator("summary").first.is_visible(), "where to find it"
        before = page.url
        _not_sure(page)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(lambda url, before=before: url != before)  # type: ignore[misc]
    assert long >= 5


# Focuses each choice in turn: which of them are under the bar with the button then.
COVERED = """() => {
  document.documentElement.style.scrollBehavior = "auto";
  const bar = document.querySelector(".onward");
  return [...document.querySelectorAll(".choice input")].filter((input) => {
    input.blur(); input.focus();
    return input.offsetParent && input.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 1;
  }).map((input) => input.value);
}"""


def test_what_follows_comes_up_at_once_and_goes_again(new_visitor: Callable[[bool], Visitor]) -> None:
    visitor = new_visitor(True)
    page = _to_return(visitor)
    follows = page.locator("fieldset").nth(1)
    expect(follows).to_be_hidden()
    page.locator("#answer-1-2").check()
    expect(follows).to_be_visible()
    follows.locator("input[type=radio]").first.check()
    page.locator("#answer-1-1").check()
    expect(follows).to_be_hidden()
    page.locator("#answer-1-2").check()
    assert follows.locator("input:checked").count() == 1, "what was ticked is still there"
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/for-me/4/")
    page.go_back()
    expect(page.locator("fieldset").nth(1).locator("input:checked")).to_have_count(1)
    page.reload()
    expect(page.locator("input:checked")).to_have_count(2)


def test_without_scripts_what_follows_is_asked_next_and_nothing_is_lost(new_visitor: Callable[[bool], Visitor]) -> None:
    visitor = new_visitor(False)
    page = _to_return(visitor)
    assert page.locator("fieldset:visible").count() == 1
    page.locator("#answer-1-2").check()
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("fieldset:visible")).to_have_count(2)
    assert page.url.endswith("/for-me/3/") and page.locator("#answer-1-2").is_checked()
    page.locator("#answer-2-1").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/for-me/4/")


def test_treatments_are_found_by_name(visitor: Visitor) -> None:
    page = _to_return(visitor)
    page.locator("#answer-1-2").check()
    if not visitor.scripts:
        page.get_by_role("button", name="Continue").click()
    page.locator("#answer-2-1").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/for-me/4/")
    page.get_by_label("Type a name").fill("Kisquali, letrozole")
    page.get_by_label("Type a name").press("Enter")
    expect(page.locator(".found")).to_contain_text("Kisquali: “A CDK4/6 inhibitor” is selected below.")
    assert page.url.endswith("/for-me/4/"), "no answer is in the address"
    assert page.locator("input:checked").count() == 2
    if visitor.scripts:
        expect(page.locator(".found")).to_be_focused()
        expect(page.locator("fieldset").nth(1)).to_be_visible()
        assert page.locator("fieldset").nth(1).locator(".choice:visible").count() == 3, "the one, none of these, not sure"
        page.locator("#answer-2-not-sure").check()
    page.get_by_role("button", name="Continue").click()
    if visitor.scripts:
        page.wait_for_url("**/for-me/5/")
    else:
        expect(page.locator("fieldset:visible")).to_have_count(2)
    visitor.go("/for-me/answers/")
    expect(page.locator("#step")).to_contain_text("An aromatase inhibitor; A CDK4/6 inhibitor")


def _to_return(visitor: Visitor) -> Page:
    """To the page that asks whether the cancer came back, with a first treatment of hormone receptor-positive cancer."""
    visitor.go("/for-me/1/")
    page = visitor.page
    page.locator("#answer-1-1").check()
    page.locator("#answer-2-2").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/for-me/2/")
    page.locator("#answer-1-1").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/for-me/3/")
    return page


def _not_sure(page: Page) -> None:
    """Choose "I'm not sure" at every question of the page."""
    for choice in page.locator("input[id$=not-sure]:visible").all():
        choice.check()


def _tab_to_choice(page: Page, place: int) -> None:
    """Press Tab until a choice of this question has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(f"document.activeElement.matches('[id^=answer-{place + 1}-]')"):
            return
    raise AssertionError(f"the Tab key does not reach question {place + 1}")


def _tab_to(page: Page, tag: str, text: str = "") -> None:
    """Press Tab until such an element has the focus; a keyboard can do no more."""
    for _ in range(60):
        page.keyboard.press("Tab")
        focused = page.locator(":focus")
        if focused.count() and focused.evaluate("e => e.localName") == tag and text in focused.inner_text():
            return
    raise AssertionError(f"the Tab key does not reach {tag} {text!r}")


def _tree(page: Page) -> list[dict[str, str]]:
    """Role, name and description of every node of the accessibility tree."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return [
        {key: " ".join(str(node.get(key, {}).get("value", "")).split()) for key in ("role", "name", "description")}
        for node in nodes
        if not node.get("ignored")
    ]


def answer_everything(visitor: Visitor, guide: Guide, reader: Said) -> Said:
    """Send the form of each page, as the browser would; the answers that were asked for."""
    visitor.go("/for-me/1/")
    token = visitor.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    answers = whole_walk(guide, reader).said
    said: Said = {}
    while not (now := walk(guide, said)).done:
        page = {question.id: answers[question.id] for question in now.pages[-1]}
        said |= page
        fields = "&".join(f"question={id}&" + "&".join(f"answer-{id}={choice}" for choice in ticked) for id, ticked in page.items())
        answer = visitor.context.request.post(
            f"{visitor.server.url}/for-me/{len(now.pages)}/",
            data=f"csrfmiddlewaretoken={token}&{fields}",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": visitor.server.url},
        )
        assert answer.ok and urlsplit(answer.url).path.startswith("/for-me/"), (answer.status, page)
    return said


def _titles(visitor: Visitor, section: str, selector: str) -> list[str]:
    """The titles of the options in a section of the results."""
    place: Locator = visitor.page.locator("section", has=visitor.page.locator(f"h2#{section}"))
    return [text.strip() for text in place.locator(selector).all_text_contents()]
