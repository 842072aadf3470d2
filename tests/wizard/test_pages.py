"""Several questions on a page: what is asked together, what follows on the same page, and answers by name."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from guide.content.answers import Said
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.parse import NOT_SURE
from guide.content.whole import load
from guide.wizard.flow import walk, whole_walk
from guide.wizard.named import choices_named
from tests.conftest import TOY
from tests.django_fixtures import loaded, published
from tests.visits import fields_of, html, path_of

HTMX = {"HX-Request": "true"}
SOIL, PUDDLES, VISITORS, RAIN = (f"en/questions/{name}.md" for name in ("20-soil", "30-puddles", "40-visitors", "50-rain"))


def together(texts: dict[str, str]) -> dict[str, str]:
    """The toy guide with soil and puddles on one page, visitors and rain on another, mice only outside, and visitors by name."""
    for path, name in ((SOIL, "ground"), (PUDDLES, "ground"), (VISITORS, "guests"), (RAIN, "guests")):
        texts[path] = texts[path].replace("kind:", f"page: {name}\nkind:", 1)
    texts["en/site.yaml"] += "leads: {opening: [space]}\n"
    texts[VISITORS] = texts[VISITORS].replace(
        "plan:",
        "offered_when: {mice: {not: {space: balcony}}}\n"
        "by_name:\n  list: shed\n  answers: {slugs: [compost], aphids: [compost, mulch], mice: [netting]}\nplan:",
        1,
    )
    texts["en/plan/names.yaml"] = "shed: {kinds: [treatment, supportive], short: {mulch: [ml]}}\n"
    texts["en/site.yaml"] += "asked_together: {ground: What you stand on, guests: Who and what comes}\n"
    return texts


@pytest.fixture(scope="module")
def paged() -> Guide:
    return load(together(read_files(TOY)))


@pytest.fixture
def web(db: None, toy_texts: dict[str, str]) -> Client:
    """A reader of that guide."""
    published(together(toy_texts))
    return Client()


def said(**answers: str) -> Said:
    return {fact: tuple(ticked.split()) for fact, ticked in answers.items()}


def pages(guide: Guide, **answers: str) -> list[list[str]]:
    return [[question.id for question in page] for page in walk(guide, said(**answers)).pages]


# The way


def test_what_stands_on_one_page_is_asked_together(paged: Guide) -> None:
    assert pages(paged) == [["space"]]
    assert pages(paged, space="balcony") == [["space"], ["visitors"]]
    assert pages(paged, space="bed", soil="sand") == [["space"], ["soil"], ["visitors", "rain"]]
    assert walk(paged, said(space="bed", soil="sand", visitors="slugs", rain="no")).done


def test_a_question_follows_on_its_page_as_soon_as_it_is_known(paged: Guide) -> None:
    assert pages(paged, space="bed") == [["space"], ["soil"]]
    followed = walk(paged, said(space="bed", soil="clay"))
    assert [[question.id for question in page] for page in followed.pages] == [["space"], ["soil", "puddles"]]
    assert followed.pending is not None and followed.pending.id == "puddles" and followed.said == said(space="bed", soil="clay")
    assert pages(paged, space="bed", soil="clay", puddles="stay")[1:] == [["soil", "puddles"], ["visitors", "rain"]]


def test_a_page_tells_which_answers_bring_more_of_it(paged: Guide) -> None:
    way = walk(paged, said(space="bed"))
    assert [question.id for question in way.may_follow(2)] == ["puddles"]
    assert way.brought_by(2, paged.question("puddles")) == {"soil": ["clay"]}
    assert way.may_follow(1) == () and way.brought_by(2, paged.question("soil")) == {}


def test_an_answer_does_not_take_away_a_question_of_the_same_page(toy_texts: dict[str, str]) -> None:
    # Rain matters to sand alone here; who says "clay" in the same breath has answered it all the same.
    texts = together(toy_texts)
    for path in (SOIL, PUDDLES, RAIN):
        texts[path] = re.sub(r"page: \w+", "page: guests", texts[path])
    texts[SOIL.replace("20-", "31-")] = texts.pop(SOIL)
    texts[PUDDLES.replace("30-", "32-")] = texts.pop(PUDDLES)
    texts["en/site.yaml"] = texts["en/site.yaml"].replace("ground: What you stand on, ", "")
    water = "en/pages/20-water.md"
    texts[water] = texts[water].replace('{space: bed, rain: "yes"}', '{soil: sand, rain: "yes"}')
    guide = load(texts)
    way = walk(guide, said(space="bed", soil="loam", visitors="slugs", rain="yes"))
    assert [question.id for question in way.pages[1]] == ["soil", "visitors", "rain"]
    assert way.said["rain"] == ("yes",)


def test_choices_that_cannot_concern_the_reader_are_left_out_and_no_answer_any_more(paged: Guide) -> None:
    visitors = paged.question("visitors")
    assert visitors.left_out({"space": frozenset({"balcony"})}) == {"mice"}
    assert visitors.left_out({"space": frozenset({"bed"})}) == visitors.left_out({}) == frozenset()


def test_an_answer_that_is_no_longer_offered_is_asked_again(toy_texts: dict[str, str]) -> None:
    texts = together(toy_texts)
    texts[VISITORS] = re.sub(r"by_name:\n.*\n.*\n", "", texts[VISITORS])
    guide = load(texts)
    before = said(space="bed", soil="loam", visitors="slugs mice", rain="no")
    assert walk(guide, before).said == before
    assert walk(guide, {**before, "space": ("balcony",)}).said == said(space="balcony", visitors="slugs")
    assert walk(guide, said(space="balcony", visitors="mice")).pending == guide.question("visitors")


def test_what_decides_most_opens_first_results(paged: Guide) -> None:
    assert not walk(paged, {}).opened
    assert walk(paged, said(space=NOT_SURE)).opened and walk(paged, said(space="bed")).opened_at == 1


READERS: st.SearchStrategy[Said] = st.fixed_dictionaries(
    {
        "space": st.sampled_from(["balcony", "bed", "meadow", NOT_SURE]).map(lambda one: (one,)),
        "soil": st.sampled_from(["sand", "clay", "loam", "sticks", NOT_SURE]).map(lambda one: (one,)),
        "puddles": st.sampled_from(["stay", "drain", NOT_SURE]).map(lambda one: (one,)),
        "visitors": st.sampled_from([("slugs", "mice"), ("aphids",), ("nobody",), (NOT_SURE,)]),
        "rain": st.sampled_from(["yes", "no", NOT_SURE]).map(lambda one: (one,)),
    }
)


@given(READERS)
def test_page_by_page_leads_the_same_way_as_all_at_once_and_what_is_left_counts_down(paged: Guide, reader: Said) -> None:
    answers: Said = {}
    left = []
    whole = whole_walk(paged, reader)
    while not (now := walk(paged, answers)).done:
        left.append(now.left)
        answers |= {
            question.id: whole.said[question.id]
            for question in (*now.pages[-1], *now.may_follow(len(now.pages)))
            if question.id in whole.said
        }
    assert now == whole
    assert all(later < earlier for earlier, later in zip(left, left[1:], strict=False))
    assert walk(paged, now.said) == now


# On the web


def sent(client: Client, number: int, asked: str, **answers: str) -> list[tuple[str, str]] | str:
    """Send the form of a page: where it leads, or what is wrong."""
    data = {"question": asked.split(), **{f"answer-{fact}": ticked.split() for fact, ticked in answers.items()}}
    response = client.post(f"/for-me/{number}/", data)
    if response.status_code == 302:
        return path_of(response)
    return re.findall(r'<li><a href="#answer-(\d)-1">([^<]+)</a>', html(response))


NOTHING = "Choose an answer. “I’m not sure” is a good answer too."


def test_each_question_has_its_own_frame_its_own_not_sure_and_its_own_error(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    sent(web, 2, "soil", soil="sand")
    page = html(web.get("/for-me/3/"))
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", page) == ["Who and what comes"]
    assert re.findall(r"<legend><h2>(.*?)</h2></legend>", page) == ["Who visits your garden?", "Do you collect rain?"]
    assert re.findall(r'name="answer-(\w+)" id="answer-\d-not-sure"', page) == ["visitors", "rain"]
    assert sent(web, 3, "visitors rain") == [("1", NOTHING), ("2", NOTHING)]
    assert sent(web, 3, "visitors rain", visitors="slugs") == [("2", NOTHING)]
    wrong = html(web.post("/for-me/3/", {"question": ["visitors", "rain"], "answer-visitors": ["slugs"]}))
    assert 'aria-describedby="why-1"' in wrong and 'aria-describedby="why-2 error-2"' in wrong
    assert re.findall(r'value="(\w+)" checked', wrong) == ["slugs"], "what was right is still ticked"
    assert sent(web, 3, "visitors rain", visitors="slugs", rain="no") == "/for-me/answers/"


def test_a_page_of_one_question_is_headed_by_it(web: Client) -> None:
    sent(web, 1, "space", space="balcony")
    page = html(web.get("/for-me/2/"))
    assert re.findall(r"<legend><h1[^>]*>(.*?)</h1></legend>", page) == ["Who visits your garden?"]
    assert "<h2>Who visits" not in page


def test_what_may_follow_waits_in_the_page_and_is_not_asked(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    page = html(web.get("/for-me/2/"))
    (waiting,) = re.findall(r'<fieldset class="question" hidden disabled data-shown-by="([^"]+)"', page)
    assert waiting == "answer-soil=clay"
    assert sent(web, 2, "soil", soil="loam") == "/for-me/3/"


def test_without_scripts_what_follows_is_asked_on_the_same_page_and_nothing_is_lost(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    assert sent(web, 2, "soil", soil="clay") == "/for-me/2/"
    page = html(web.get("/for-me/2/"))
    assert re.findall(r'value="(\w+)" checked', page) == ["clay"] and '<fieldset class="question" hidden' not in page
    assert sent(web, 2, "soil puddles", soil="clay", puddles="stay") == "/for-me/3/"
    assert "It stays for days" in html(web.get("/for-me/answers/"))


def test_with_scripts_both_are_answered_at_once(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    assert sent(web, 2, "soil puddles", soil="clay") == [("2", NOTHING)], "it came up, so it wants an answer"
    assert sent(web, 2, "soil puddles", soil="clay", puddles="drain") == "/for-me/3/"


def test_what_no_longer_follows_wants_no_answer(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    sent(web, 2, "soil", soil="clay")
    assert sent(web, 2, "soil puddles", soil="loam") == "/for-me/3/"


def test_a_changed_answer_of_a_page_keeps_the_others_and_says_what_it_changed(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    sent(web, 2, "soil puddles", soil="clay", puddles="stay")
    sent(web, 3, "visitors rain", visitors="slugs", rain="no")
    assert sent(web, 2, "soil puddles", soil="clay", puddles="drain") == "/for-me/results/"
    page = html(web.get("/for-me/results/"))
    assert "After your last change" in page and "Slugs" in page


def test_a_question_that_follows_from_a_change_is_asked_before_the_results(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    sent(web, 2, "soil", soil="sand")
    sent(web, 3, "visitors rain", visitors="slugs", rain="no")
    assert sent(web, 2, "soil", soil="clay") == "/for-me/2/"
    assert "Slugs" not in html(web.get("/for-me/answers/")), "it waits, and counts for nothing"
    assert sent(web, 2, "soil puddles", soil="clay", puddles="stay") == "/for-me/answers/"
    assert "Slugs" in html(web.get("/for-me/answers/")), "and is not asked twice"


def test_the_form_of_another_tab_answers_its_own_questions(web: Client) -> None:
    sent(web, 1, "space", space="bed")
    sent(web, 2, "soil", soil="sand")
    # In this tab page 2 asked for visitors, because the reader had said "balcony" before.
    assert sent(web, 2, "visitors", visitors="slugs") == "/for-me/3/"
    assert "Slugs" in html(web.get("/for-me/answers/"))
    assert re.findall(r'value="(\w+)" checked', html(web.get("/for-me/3/"))) == ["slugs"]


def test_first_results_are_offered_once_and_linked_ever_after(web: Client) -> None:
    told = "You’ve answered what decides most"
    assert "See what applies so far" not in html(web.get("/for-me/1/"))
    sent(web, 1, "space", space="bed")
    assert told in html(web.get("/for-me/2/"))
    sent(web, 2, "soil", soil="sand")
    page = html(web.get("/for-me/3/"))
    assert told not in page and '<a href="/for-me/results/">See what applies so far</a>' in page


def test_where_to_find_it_stands_before_the_choices_and_continue_after_them(web: Client) -> None:
    page = html(web.get("/for-me/1/"))
    places = [page.index(part) for part in ("<legend>", "Where can I find this?", 'id="answer-1-1"', 'id="answer-1-not-sure"', "Continue")]
    assert places == sorted(places)


def test_a_choice_that_cannot_concern_the_reader_is_not_shown(web: Client) -> None:
    sent(web, 1, "space", space="balcony")
    assert 'value="mice"' not in html(web.get("/for-me/2/"))
    sent(web, 1, "space", space="meadow")
    assert 'value="mice"' in html(web.get("/for-me/2/"))


# Answers by name


def look(client: Client, typed: str, *ticked: str, find: bool = True, tried: str = "", **headers: str) -> str:
    """Type names at the visitors of a balcony."""
    data: dict[str, str | list[str]] = {"question": ["visitors"], "answer-visitors": list(ticked), "answer-visitors-typed": typed}
    response = client.post("/for-me/2/", {**data, "answer-visitors-tried": tried, **({"find": "1"} if find else {})}, headers=headers)
    assert response.status_code == 200, response.headers
    assert "answers" not in response.cookies, "nothing is kept before the reader goes on"
    return html(response)


class Told(HTMLParser):
    """What is said about names, as text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text = ""
        found = re.search(r'<div class="found".*?</div>', page, re.DOTALL)
        self.feed(found[0] if found else "")

    def handle_data(self, data: str) -> None:
        self.text = " ".join(f"{self.text} {data}".split())


@pytest.mark.parametrize(
    ("typed", "wanted", "told"),
    [
        ("Compost", ["slugs", "aphids"], "Compost : “Slugs” and “Aphids” is selected below."),
        ("worm joi", ["slugs", "aphids"], "worm joi : “Slugs” and “Aphids” is selected below."),
        ("ML", ["aphids"], "ML : “Aphids” is selected below."),
        ("mul", ["aphids"], "mul : “Aphids” is selected below."),
        ("nett, mulch", ["aphids", "mice"], "nett : “Mice” is selected below. mulch : “Aphids” is selected below."),
        ("slug", ["slugs"], "slug : “Slugs” is selected below."),
        ("granite", [], "granite : We don’t know this name. Check how it is spelled, or choose below."),
        ("", [], "Type a name first."),
    ],
)
def test_a_name_becomes_its_choice_on_the_same_page(web: Client, typed: str, wanted: list[str], told: str) -> None:
    sent(web, 1, "space", space="balcony")
    page = look(web, typed)
    assert sorted(re.findall(r'value="(\w+)" checked', page)) == sorted(wanted)
    assert Told(page).text == told
    assert "There is a problem" not in page


def test_a_name_adds_to_what_is_ticked_and_takes_none_of_these_away(web: Client) -> None:
    sent(web, 1, "space", space="balcony")
    assert re.findall(r'value="([\w-]+)" checked', look(web, "mulch", "slugs")) == ["slugs", "aphids"]
    assert re.findall(r'value="([\w-]+)" checked', look(web, "mulch", "nobody")) == ["aphids"]
    assert re.findall(r'value="([\w-]+)" checked', look(web, "mulch", NOT_SURE)) == ["aphids"]
    assert re.findall(r'value="([\w-]+)" checked', look(web, "granite", "nobody")) == ["nobody"]


def test_what_was_typed_and_not_looked_up_is_not_lost_at_continue(web: Client) -> None:
    sent(web, 1, "space", space="balcony")
    page = look(web, "mulch, granite", find=False)
    assert re.findall(r'value="(\w+)" checked', page) == ["aphids"]
    left = fields_of(page, "/for-me/2/")
    assert left["answer-visitors-typed"] == left["answer-visitors-tried"] == ["granite"]
    response = web.post("/for-me/2/", {key: value for key, value in left.items() if key != "find"})
    assert path_of(response) == "/for-me/answers/", "what nobody knows holds nobody up"
    assert "Aphids" in html(web.get("/for-me/answers/"))


def test_a_name_can_bring_up_what_is_not_offered(web: Client) -> None:
    sent(web, 1, "space", space="balcony")
    page = look(web, "netting")
    assert re.findall(r'value="(\w+)" checked', page) == ["mice"]
    assert sent(web, 2, "visitors", visitors="mice") == "/for-me/answers/"
    assert "Mice" in html(web.get("/for-me/answers/"))


def test_with_htmx_the_part_comes_back_and_the_address_stays(web: Client) -> None:
    sent(web, 1, "space", space="balcony")
    data = {"question": "visitors", "answer-visitors-typed": "mulch", "find": "1"}
    response = web.post("/for-me/2/", data, headers=HTMX)
    assert html(response).strip().startswith('<div id="step"') and response.headers["HX-Push-Url"] == "false"


def test_several_names_that_begin_alike_are_not_guessed(paged: Guide) -> None:
    visitors = paged.question("visitors")
    (found,) = choices_named(paged, visitors, "n" * 400)
    assert not found.choices and found.why.startswith("We don’t know")
    assert choices_named(paged, paged.question("rain"), "mulch") == []


# The real questions


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("Kisqali", ["cdk46-inhibitor"]),
        ("ribo", ["cdk46-inhibitor"]),
        ("kisquali", ["cdk46-inhibitor"]),
        ("Ibranse", ["cdk46-inhibitor"]),
        ("letrazole", ["aromatase-inhibitor"]),
        ("Kisqali 600 mg daily", ["cdk46-inhibitor"]),
        ("Taxol and Herceptin", ["trastuzumab", "taxane"]),
        ("TDM1", ["t-dm1"]),
        ("T-DXd", ["t-dxd"]),
        ("trastuzumab deruxtecan", ["t-dxd"]),
        ("enhertoo", ["t-dxd"]),
        ("Phesgo", ["trastuzumab", "pertuzumab"]),
        ("Carbo-Taxol", ["taxane", "platinum"]),
        ("aromatase inhibitor", ["aromatase-inhibitor"]),
        ("PARP", ["parp-inhibitor"]),
        ("tra", []),
        ("Xgeva", []),
        ("AC", []),
    ],
)
def test_treatments_are_known_by_name(real: Guide, typed: str, wanted: list[str]) -> None:
    found = choices_named(real, real.question("had"), typed)
    assert [choice.id for choice in real.question("had").choices if any(choice in one.choices for one in found)] == wanted


def test_every_medicine_that_the_question_stands_for_is_found_by_its_title(real: Guide) -> None:
    had = real.question("had")
    assert had.by_name is not None
    for slug, ids in had.by_name.choices.items():
        found = [
            choice.id for one in choices_named(real, had, real.treatments[slug].title.replace(" and ", ", ")) for choice in one.choices
        ]
        assert set(ids) <= set(found), slug


def test_a_first_treatment_from_the_start_shows_no_list_of_treatments_had(real: Guide) -> None:
    had = real.question("had")
    first = walk(real, said(hr="positive", her2="zero", line="first", relapse="at-diagnosis"))
    assert [question.id for question in first.pages[-1]] == ["had"]
    assert {choice.id for choice in had.choices} - had.left_out(first.before(4)) == {"none-of-these"}
    back = walk(real, {**first.said, "relapse": ("came-back",), "relapse-hormone": ("not-given",)})
    assert had.left_out(back.before(4)) == frozenset()


def test_treatment_of_early_cancer_is_asked_only_of_those_whose_cancer_came_back(real: Guide) -> None:
    had = said(hr="positive", her2="zero", line="second", had="taxane t-dxd tamoxifen")
    early = real.question("had-early")
    assert walk(real, {**had, "relapse": ("at-diagnosis",)}).page_of("had-early") == 0
    back = walk(real, {**had, "relapse": ("came-back",)})
    assert back.page_of("had-early") == back.page_of("had") > 0
    assert {choice.id for choice in early.choices} - early.left_out(back.when_asked(4, early)) == {"taxane", "t-dxd", "none-of-these"}
    assert walk(real, {**had, "relapse": ("came-back",), "had": ("tamoxifen",)}).page_of("had-early") == 0


def test_what_stands_on_one_report_shares_a_page(real: Guide) -> None:
    shared: dict[str, list[str]] = {}
    for question in real.questions:
        shared.setdefault(question.page, []).append(question.id)
    assert ["esr1", "pik3ca", "akt1-pten"] in shared.values()
    assert ["brca", "palb2"] in shared.values()
    assert ["brain-count", "brain-size", "brain-removable"] in shared.values()
    assert ["hr", "her2"] in shared.values()
