"""What a reviewer sees of a text, and the steps that start there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from django.test import Client

from guide.editing import workflow
from guide.editing.models import Document, Edition, Revision
from guide.editing.review import Review
from guide.editing.together import Comment
from tests.visits import html

SOIL = "en/pages/10-soil.md"
State = Revision.State


def soil() -> Document:
    return Document.objects.get(path=SOIL)


def now() -> str:
    return Edition.objects.texts(Edition.objects.newest())[SOIL]


@pytest.fixture
def text(erin: User) -> Revision:
    """In review: two words more, and an option for other people."""
    changed = now().replace("Feed the soil,", "Feed the soil every spring,").replace("{space: balcony}\n    role", "{soil: clay}\n    role")
    made = workflow.save_draft(soil(), changed, by=erin, version=0, note="Spring was missing", for_readers="We say when to feed.")
    workflow.send_to_review(made, by=erin)
    return made


def address(text: Revision) -> str:
    return f"/admin/texts/{text.pk}/review/"


def look(client: Client, user: User, text: Revision) -> str:
    client.force_login(user)
    response = client.get(address(text))
    assert response.status_code == 200
    return html(response)


def step(client: Client, text: Revision, step: str, **typed: str) -> HttpResponseBase:
    return client.post(address(text), {"step": step, "version": text.version, **typed})


def words(page: str) -> str:
    """What is said; the end of a paragraph or a term parts words."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(?:p|d[td]|li|h\d)>|<br>", " ", page))).split())


def part(page: str, name: str) -> str:
    """A section of the page, by the id of its heading."""
    names = ("as-read", "in-words", "effects", "comments", "decide", "quoting")
    rest = page.split(f'<h2 id="{name}">')[1]
    return re.split(rf'id="({"|".join(names)})"', rest)[0]


def after(text: Revision) -> Revision:
    return Revision.objects.get(pk=text.pk)


# What is shown


def test_the_page_tells_what_it_is_and_what_happens_next(client: Client, text: Revision, rosa: User) -> None:
    said = words(look(client, rosa, text))
    assert "In review. A reviewer who did not write in it reads it" in said
    for expected in (SOIL, "Written by Erin Green,", "Why Spring was missing", "For readers “We say when to feed.”"):
        assert expected in said
    assert "A clinical statement may change." in said


def test_the_text_stands_there_as_readers_will_see_it_with_new_words_marked(client: Client, text: Revision, rosa: User) -> None:
    shown = part(look(client, rosa, text), "as-read")
    assert re.search(r'soil <ins><span class="visually-hidden">new: </span>every spring</ins>,', shown)
    assert '<section class="block option usual"' in shown and "Worms carry it down" in shown
    assert "Looked up 1 March 2026." in shown


def test_the_difference_is_in_words_and_says_so_to_listeners(client: Client, text: Revision, rosa: User) -> None:
    shown = part(look(client, rosa, text), "in-words")
    assert '<ins><span class="visually-hidden">[new: </span>every spring<span class="visually-hidden">]</span></ins>' in shown
    assert re.search(r"<del><span[^>]*>\[taken out: </span>space: balcony", shown)
    assert re.search(r"<summary>\d+ words as they were</summary>", shown)


def test_the_effect_on_results_is_told_in_words_and_numbers(client: Client, text: Revision, rosa: User) -> None:
    said = words(part(look(client, rosa, text), "effects"))
    assert re.search(
        r"Option “Compost in the pot”: shown in [\d,]+ more of [\d,]+ situations, for example: .+? And shown in [\d,]+ fewer", said
    )
    assert re.search(r"Option “Compost in the pot” Before: For people who said “.+?”. Now: For people who said “.+?”.", said)
    assert "Mulch for sandy beds" not in said


def test_an_option_that_is_new_or_taken_away_says_so() -> None:
    assert Review("x", "a", "a").pieces  # no database is asked for a difference


@pytest.mark.usefixtures("garden")
def test_new_and_lost_blocks_are_named_as_such() -> None:
    before = now()
    block = re.search(r"/// option \| Mulch for sandy beds.*?\n///\n", before, re.DOTALL)
    assert block
    without = before.replace(block[0], "")
    (gone,) = Review(SOIL, before, without).effects
    assert gone.startswith("Option “Mulch for sandy beds” is taken away: it was shown in ")
    (new,) = Review(SOIL, without, before.replace(', rain: "no"', "")).effects
    assert new.startswith("Option “Mulch for sandy beds”")
    (for_all,) = Review(SOIL, before, before + "\n/// ask | Is it warm?\n    id: warm\n///\n").effects
    assert for_all == "Question to ask “Is it warm?” is new: shown in all situations."


def test_a_block_whose_title_alone_changed_is_the_same_one_and_the_reviewer_is_told(
    client: Client, erin: User, rosa: User, paul: User
) -> None:
    changed = now().replace("option | Compost in the pot", "option | Compost in a bowl")
    made = workflow.save_draft(soil(), changed, by=erin, version=0, note="Bowls too", for_readers="We say bowl.")
    workflow.send_to_review(made, by=erin)
    page = look(client, rosa, made)
    said = words(part(page, "effects"))
    assert "Everybody is shown the same blocks as before." in said
    assert "Option “Compost in a bowl” Title changed: “Compost in the pot” → “Compost in a bowl”" in said
    assert "is new" not in said and "taken away" not in said.lower() and "Conditions, in words" not in said
    workflow.approve(after(made), by=rosa, role="Gardener")
    workflow.publish([after(made)], by=paul, note="Bowls")
    read = html(client.get("/guide/soil/"))
    assert '<h3 id="compost-in-the-pot">Compost in a bowl</h3>' in read and "compost-in-a-bowl" not in read


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize(
    ("old", "new", "name", "says"),
    [
        ("role: trial", "role: usual", "Option “Compost in the pot”", "role changed: In research → Often discussed first"),
        (
            "treatments: [mulch]",
            "treatments: [mulch, compost]",
            "Option “Mulch for sandy beds”",
            "treatments changed: Mulch → Mulch, Compost",
        ),
        ("since: 2018", "since: 2020-03", "Change since 2018 “Digging twice a year”", "date changed: 2018 → 2020-03"),
        ("test | Shake", "ask | Shake", "Question to ask “Shake some soil in a jar”", "kind changed: Test → Question to ask"),
    ],
)
def test_what_a_block_says_of_itself_is_told_before_and_after(old: str, new: str, name: str, says: str) -> None:
    (told,) = Review(SOIL, now(), now().replace(old, new)).relabeled
    assert (told.name, told.says) == (name, (says,))


def test_another_weight_of_a_caution_is_told(garden: None, careful_texts: dict[str, str]) -> None:
    mulch = "en/treatments/mulch.md"
    (told,) = Review(mulch, careful_texts[mulch], careful_texts[mulch].replace("weight: care", "weight: avoid")).relabeled
    assert (told.name, told.says) == ("Caution “Slugs love it”", ("weight changed: Caution → Usually not given",))


@pytest.mark.usefixtures("garden")
def test_a_block_with_another_id_is_a_lost_one_and_a_new_one() -> None:
    review = Review(SOIL, now(), now().replace("id: compost-in-the-pot", "id: compost-in-a-bowl"))
    assert review.relabeled == []
    assert [told.split(":")[0] for told in review.effects] == [
        "Option “Compost in the pot” is new",
        "Option “Compost in the pot” is taken away",
    ]
    assert [(one.before != "", one.after != "") for one in review.audiences] == [(True, False), (False, True)]


@pytest.mark.usefixtures("garden")
def test_grades_hard_sentences_and_sources_are_compared() -> None:
    hard = "Considerable agricultural deterioration necessitates comprehensive, interdisciplinary rehabilitation strategies immediately."
    before = now()
    seen = Review(SOIL, before, f"{before}\n{hard} See [@rain-study].\n")
    assert seen.grade_before and seen.grade_after and seen.grade_after.plain > seen.grade_before.plain
    assert [sentence.says for sentence in seen.new_hard] == [hard]
    added, removed = seen.sources
    assert [source.id for source in added] == ["rain-study"] and removed == []
    back, gone = Review(SOIL, f"{before}\nSee [@rain-study].\n", before).sources
    assert back == [] and [source.id for source in gone] == ["rain-study"]


def test_sources_are_shown_with_what_is_needed_to_look_them_up(client: Client, erin: User, rosa: User) -> None:
    made = workflow.save_draft(soil(), f"{now()}\nSee [@rain-study].\n", by=erin, version=0, note="A source")
    shown = part(look(client, rosa, made), "effects")
    added = shown.split("<p>Added:</p>")[1]
    source = Edition.objects.with_changes(1, {}).sources["rain-study"]
    assert source.title in unescape(added) and source.publisher in unescape(added) and source.date in added
    assert not source.url or f'href="{source.url}"' in added


def test_a_change_of_order_alone_is_not_clinical(client: Client, erin: User, rosa: User) -> None:
    made = workflow.save_draft(soil(), now().replace("2026-09-01", "2027-09-01"), by=erin, version=0, note="Later")
    assert "No clinical statement changes." in words(look(client, rosa, made))


def test_mistakes_are_told_and_the_page_still_opens(client: Client, erin: User, rosa: User) -> None:
    made = workflow.save_draft(soil(), f"{now()}\nSee [@nobody] and <script>alert(1)</script>.\n", by=erin, version=0, note="n")
    page = look(client, rosa, made)
    assert "It cannot be published like this" in page and "nobody" in page
    assert "<script>alert" not in page


def test_a_document_that_goes_and_one_that_is_new(client: Client, erin: User, rosa: User) -> None:
    going = workflow.propose_removal(soil(), by=erin, note="Not needed")
    said = words(look(client, rosa, going))
    assert "(to be taken away)" in said and "Readers will no longer find this page." in said
    new = Document.objects.create(path="en/pages/40-frost.md")
    made = workflow.save_draft(new, now().replace("Good soil", "Frost").replace("| ", "| Frost: "), by=erin, version=0, note="New")
    said = words(look(client, rosa, made))
    assert "(new)" in said and "All of it is new." in said


def test_a_file_without_a_page_shows_its_words_alone(client: Client, erin: User, rosa: User) -> None:
    site = Document.objects.get(path="en/site.yaml")
    text = Edition.objects.texts(1)["en/site.yaml"].replace("Growing", "Raising")
    made = workflow.save_draft(site, text, by=erin, version=0, note="Better")
    page = look(client, rosa, made)
    assert "This file has no page of its own." in page and "</span>Raising<span" in part(page, "in-words")


def test_a_question_that_changes_is_told_as_such(client: Client, erin: User, rosa: User) -> None:
    rain = Document.objects.get(path="en/questions/50-rain.md")
    published = rain.published()
    assert published
    made = workflow.save_draft(rain, published.text, by=erin, version=0, note="n")
    assert "Everybody is shown the same blocks as before." in words(look(client, rosa, made))
    changed = published.text.replace("values:", "values:\n  sleet:\n    label: Sleet\n    said: sleet", 1)
    assert changed != published.text
    assert Review(rain.path, published.text, changed).questions_changed


def test_the_number_of_queries_does_not_grow_with_the_comments(
    client: Client, text: Revision, rosa: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    look(client, rosa, text)
    for number in range(20):
        workflow.comment(text, by=rosa, quote="Feed the soil", says=f"Comment {number}")
    with django_assert_max_num_queries(40):  # type: ignore[operator]  # what pytest-django gives
        client.get(address(text))


# Comments


def test_a_comment_stands_beside_its_passage_and_is_settled(client: Client, text: Revision, rosa: User, erin: User) -> None:
    client.force_login(rosa)
    response = step(client, text, "comment", quote="Feed the soil every spring", says="Which month?")
    said = Comment.objects.get()
    assert response.status_code == 302 and response.headers["Location"] == f"{address(text)}#comment-{said.pk}"
    page = look(client, erin, text)
    assert f'<a class="at-comment" href="#comment-{said.pk}">' in part(page, "as-read")
    assert "<blockquote>Feed the soil every spring</blockquote>" in page and "Which month?" in page
    assert step(client, text, "settle", comment=str(said.pk)).status_code == 302
    said.refresh_from_db()
    assert said.settled_by == erin
    page = look(client, rosa, text)
    assert "Settled by Erin Green" in words(page) and 'value="settle"' not in page


def test_a_passage_that_is_gone_says_so(client: Client, text: Revision, rosa: User, erin: User) -> None:
    for quote in ("every spring", "when: {space: balcony}", "Nobody ever wrote this"):
        workflow.comment(text, by=rosa, quote=quote, says="Hm.")
    said = words(look(client, rosa, text))
    assert said.count("This passage is no longer there.") == 1
    assert said.count("This passage is taken out by the change.") == 1
    workflow.save_draft(soil(), after(text).text.replace("every spring", "in May"), by=erin, version=text.version)
    assert words(look(client, rosa, text)).count("This passage is no longer there.") == 2


def test_a_comment_stays_at_its_block_when_its_words_change(client: Client, text: Revision, rosa: User, erin: User) -> None:
    client.force_login(rosa)
    step(client, text, "comment", quote="Mix one part with two parts of old soil", says="Old soil?")
    said = Comment.objects.get()
    assert said.block == "compost-in-the-pot"
    workflow.save_draft(soil(), after(text).text.replace("parts of old soil", "parts of sand"), by=erin, version=text.version)
    page = look(client, rosa, text)
    assert "About the block “Compost in the pot”, whose words have changed." in words(page) and "no longer there" not in words(page)
    marked = f'<mark>Compost in the pot</mark><a class="at-comment" href="#comment-{said.pk}">comment</a></h3>'
    assert marked in part(page, "as-read")
    without = re.sub(r"/// option \| Compost in the pot.*?\n///\n", "", after(text).text, flags=re.DOTALL)
    workflow.save_draft(soil(), without, by=erin, version=after(text).version)
    assert "This passage is taken out by the change." in words(look(client, rosa, text))


def test_a_comment_is_about_the_block_that_its_words_were_chosen_in(client: Client, erin: User, rosa: User) -> None:
    changed = now().replace("Mix one part with two parts of old soil.", "Worms carry it down, and humus follows.")
    made = workflow.save_draft(soil(), changed, by=erin, version=0, note="Worms")
    client.force_login(rosa)
    for block in ("compost-in-the-pot", "no-such-block"):
        step(client, made, "comment", quote="Worms carry it down", says="Here?", block=block)
    chosen, other = Comment.objects.all()
    assert (chosen.block, other.block) == ("compost-in-the-pot", "compost-in-spring")
    above, below = part(look(client, rosa, made), "as-read").split('<h3 id="compost-in-the-pot">')
    assert f"#comment-{chosen.pk}" in below and f"#comment-{chosen.pk}" not in above and f"#comment-{other.pk}" in above


def test_an_empty_comment_is_refused_and_its_passage_stays_typed(client: Client, text: Revision, rosa: User) -> None:
    client.force_login(rosa)
    response = step(client, text, "comment", quote="A <b> passage", says=" ")
    assert response.status_code == 422
    assert "The comment is empty." in html(response) and "A &lt;b&gt; passage" in html(response)
    assert not Comment.objects.exists()


def test_a_stranger_to_the_text_does_not_settle_a_comment(client: Client, text: Revision, rosa: User, paul: User) -> None:
    said = workflow.comment(text, by=rosa, quote="", says="Hm.")
    page = look(client, paul, text)
    assert 'value="settle"' not in page and 'value="comment"' not in page
    assert step(client, text, "settle", comment=str(said.pk)).status_code == 422
    said.refresh_from_db()
    assert said.settled is None
    assert step(client, text, "settle", comment="x").status_code == 404


# Decisions


def test_a_reviewer_approves_with_a_role_that_is_remembered(client: Client, text: Revision, rosa: User, erin: User) -> None:
    client.force_login(rosa)
    assert step(client, text, "approve", role="Head gardener", read="yes").status_code == 302
    approved = after(text)
    assert (approved.state, approved.reviewer, approved.reviewer_role) == (State.APPROVED, rosa, "Head gardener")
    assert "reviewed: {by: Rosa Green, role: Head gardener" in approved.text
    page = look(client, rosa, text)
    assert "Approved by Rosa Green, Head gardener" in words(page) and 'value="approve"' not in page
    water = Document.objects.get(path="en/pages/20-water.md")
    published = water.published()
    assert published
    other = workflow.save_draft(water, f"{published.text}\nMore.\n", by=erin, version=0, note="n", for_readers="r")
    workflow.send_to_review(other, by=erin)
    assert 'name="role" class="vTextField" maxlength="100" value="Head gardener"' in look(client, rosa, other)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"role": "Gardener"}, "Tick that you have read the whole text"),
        ({"role": " ", "read": "yes"}, "Write your role"),
    ],
)
def test_an_approval_needs_the_whole_text_read_and_a_role(
    client: Client, text: Revision, rosa: User, typed: dict[str, str], says: str
) -> None:
    client.force_login(rosa)
    response = step(client, text, "approve", **typed)
    assert response.status_code == 422
    form = re.search(r"<h3>It is right</h3>.*?</form>", html(response), re.DOTALL)
    assert form and says in form[0]
    assert after(text).state == State.IN_REVIEW


def test_an_approval_waits_for_comments_to_be_settled(client: Client, text: Revision, rosa: User) -> None:
    workflow.comment(text, by=rosa, quote="", says="Hm.")
    client.force_login(rosa)
    response = step(client, text, "approve", role="Gardener", read="yes")
    assert response.status_code == 422 and "Some comments are not settled yet." in html(response)
    assert 'id="read" name="read" value="yes" checked' in html(response)


def test_what_changed_while_it_was_read_is_not_approved(client: Client, text: Revision, rosa: User, erin: User) -> None:
    client.force_login(rosa)
    workflow.save_draft(soil(), text.text.replace("every spring", "in May"), by=erin, version=text.version)
    workflow.send_to_review(after(text), by=erin)
    for name in ("approve", "ask"):
        response = step(client, text, name, role="Gardener", read="yes")
        assert response.status_code == 422 and "Somebody changed this text while you were reading." in html(response)
    assert after(text).state == State.IN_REVIEW
    assert step(client, after(text), "approve", role="Gardener", read="yes").status_code == 302


def test_changes_are_asked_for_with_a_comment(client: Client, text: Revision, rosa: User) -> None:
    client.force_login(rosa)
    response = step(client, text, "ask")
    assert response.status_code == 422 and "Say in a comment what should change." in html(response)
    step(client, text, "comment", says="Which month?")
    assert step(client, text, "ask").status_code == 302
    assert after(text).state == State.CHANGES_ASKED
    assert "Whoever writes it answers the comments" in words(look(client, rosa, text))


def test_who_cannot_decide_is_told_why_and_finds_no_buttons(client: Client, text: Revision, erin: User, paul: User) -> None:
    for user in (erin, paul):
        page = look(client, user, text)
        assert "You may not review documents." in page
        assert 'value="approve"' not in page and 'value="ask"' not in page
        assert step(client, text, "approve", role="Gardener", read="yes").status_code == 422
    boss = User.objects.create_superuser("boss")
    text.writers.add(boss)
    assert "You wrote in this text. Somebody else has to review it." in look(client, boss, text)
    assert after(text).state == State.IN_REVIEW


def test_publishers_are_led_to_the_editions(client: Client, text: Revision, rosa: User, paul: User) -> None:
    workflow.approve(text, by=rosa, role="Gardener")
    assert 'href="/admin/editions/">Publish it</a>' in look(client, paul, text)
    assert "Publish it" not in look(client, rosa, text)


def test_a_text_of_the_past_is_shown_with_what_it_changed_then(client: Client, text: Revision, rosa: User, paul: User) -> None:
    workflow.approve(text, by=rosa, role="Gardener")
    workflow.publish([after(text)], by=paul, note="Spring")
    page = look(client, rosa, text)
    assert "Readers see it since Edition 2." in page and "every spring<" in part(page, "in-words")
    assert 'id="decide"' not in page and 'value="comment"' not in page
    assert step(client, after(text), "comment", says="Late").status_code == 422
    Edition.objects.publish({SOIL: after(text).text.replace("every spring", "in May")}, by=None, note="n", origin="files")
    assert "Readers saw it from Edition 2 until it was replaced." in look(client, rosa, text)


def test_what_was_published_in_between_is_told(client: Client, text: Revision, rosa: User) -> None:
    Edition.objects.publish({SOIL: now().replace("Feed the", "Feed your")}, by=None, note="Imported", origin="files")
    assert "Another text was published since this one was begun." in look(client, rosa, text)


def test_strangers_and_staff_without_rights_see_nothing(client: Client, text: Revision) -> None:
    assert client.get(address(text)).status_code == 302
    client.force_login(User.objects.create_user("temp", is_staff=True))
    assert client.get(address(text)).status_code == 403
    assert step(client, text, "approve", role="Gardener", read="yes").status_code == 403
    assert client.get("/admin/texts/9999/review/").status_code == 403
