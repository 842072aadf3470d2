"""What a reviewer has to know of a text before approving it: what readers will see, and everything that it changes for them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from guide.content.blocks import KINDS, WEIGHED, WORDS
from guide.content.conditions import Condition
from guide.content.documents import SOURCES, Block, Guide, Source, documents
from guide.content.effects import Effect, Side, effects
from guide.content.grade import Grade, grade, names_pattern
from guide.content.mistakes import Mistake
from guide.content.text import read
from guide.editing import builder
from guide.editing.checking import Sentence, hard_sentences, running_text
from guide.editing.clinical import is_clinical, shows_review
from guide.editing.diff import Piece, difference, folded, place_of, words_of
from guide.editing.drafts import read_both
from guide.editing.marking import Marked, marked, text_words
from guide.editing.models import Revision
from guide.editing.passages import Passage, stands_in
from guide.editing.statements import changed


def text_before(text: Revision) -> Revision | None:
    """The published text that an open text would replace, or that another one replaced."""
    if text.is_open:
        return text.document.published()
    if text.edition:
        earlier = text.document.revisions.filter(state=Revision.State.PUBLISHED, edition__number__lt=text.edition.number)
        return earlier.order_by("-edition__number").first()
    return text.started_from


def content_of(text: Revision | None) -> str | None:
    """What a text says; None where it takes the document away, or where there is none."""
    return None if text is None or text.removed else text.text


@dataclass(frozen=True)
class Audience:
    """For whom a block is, before and after, each as a sentence. Empty: the block is not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Relabeled:
    """A block that is still the same one, by its id, with another title, kind or the like. `says`: what changed, each in a sentence."""

    name: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Review:
    """A document before and after a change. Everything is found out when it is first asked for."""

    path: str
    before: str | None
    after: str | None

    @cached_property
    def _read(self) -> tuple[Guide, Guide, list[Mistake]]:
        return read_both(self.path, self.before, self.after)

    @property
    def _was(self) -> Guide:
        return self._read[0]

    @property
    def _now(self) -> Guide:
        return self._read[1]

    @property
    def mistakes(self) -> Sequence[Mistake]:
        """What would keep the text from readers."""
        return self._read[2]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The difference in words."""
        return difference(self.before or "", self.after or "")

    @property
    def folded(self) -> list[Piece]:
        """The difference, with what is far from any change folded."""
        return folded(self.pieces)

    def count(self, kind: str) -> int:
        """How many words are added, or removed."""
        return sum(piece.words for piece in self.pieces if piece.kind == kind)

    @property
    def clinical(self) -> bool:
        """Whether a clinical statement changes."""
        return is_clinical(self.path, self.before, self.after)

    @property
    def shows_reviewer(self) -> bool:
        """Whether readers see who approved it."""
        return shows_review(self.path)

    @cached_property
    def statements(self) -> list[tuple[str, list[Piece]]]:
        """Of a file without a page: each thing that it tells readers otherwise, with its words before and after."""
        if self._page_before or self._page_after:
            return []
        return [(one.name, difference(one.before, one.after)) for one in changed(self.path, self.before, self.after)]

    def page(self, passages: Mapping[int, Passage]) -> Marked:
        """What readers will see, with what is new and the passages of comments marked. Empty for a file without a page."""
        return marked(self._page_before, self._page_after, passages)

    @cached_property
    def _page_before(self) -> str:
        return _shown(self._was, self.path)

    @cached_property
    def _page_after(self) -> str:
        return _shown(self._now, self.path)

    def where(self, passage: Passage) -> str:
        """Where a passage stands: here, before (the change takes it out), or gone. Reworded: its block is there with other words."""
        still = stands_in(read(self.path, self.after or ""), passage)
        if still is not None:
            return "here" if still else "reworded"
        if place_of(passage.words, text_words(self._page_after)) or place_of(passage.words, words_of(self.after or "")):
            return "here"
        if place_of(passage.words, text_words(self._page_before)) or place_of(passage.words, words_of(self.before or "")):
            return "before"
        return "gone"

    def title_of(self, block: str) -> str:
        """The title that a block has now; empty where there is none."""
        return next((one.title for one in read(self.path, self.after or "").blocks if one.id == block), "")

    @property
    def questions_changed(self) -> bool:
        """Whether a question itself changes, so that situations cannot be compared."""
        return self._was.facts != self._now.facts

    @property
    def effects(self) -> list[str]:
        """Each block that is shown in more or fewer situations, in a sentence. Empty where the text has a mistake."""
        was, now = self._was, self._now
        if self.mistakes:
            return []
        had, has = _weighed(was), _weighed(now)
        return [
            _told(effect, self.path, is_new=(effect.path, effect.id) not in had, is_gone=(effect.path, effect.id) not in has)
            for effect in effects(was, now)
        ]

    @cached_property
    def relabeled(self) -> list[Relabeled]:
        """Each block of this document that stays, with another title, kind, role, other treatments or another year."""
        was, now = _by_id(self._was, self.path), _by_id(self._now, self.path)
        told = [(block, tuple(_differences(was[id], block, self._was, self._now))) for id, block in now.items() if id in was]
        return [Relabeled(_named(block.kind, block.title), says) for block, says in told if says]

    @property
    def audiences(self) -> list[Audience]:
        """Each block of this document whose condition reads otherwise than before."""
        was, now = _conditions(self._was, self.path), _conditions(self._now, self.path)
        named = {**_by_id(self._was, self.path), **_by_id(self._now, self.path)}
        return [
            Audience(_named(named[id].kind, named[id].title), _sentence(was.get(id), self._was), _sentence(now.get(id), self._now))
            for id in dict.fromkeys((*was, *now))
            if was.get(id) != now.get(id)
        ]

    @property
    def grade_before(self) -> Grade | None:
        """The reading grade so far; None where there is no running text."""
        return _grade(self._was, self.path)

    @property
    def grade_after(self) -> Grade | None:
        """The reading grade of the new text; None where there is no running text."""
        return _grade(self._now, self.path)

    @property
    def new_hard(self) -> list[Sentence]:
        """Hard sentences that were not there before, hardest first."""
        was, now = _hard(self._was, self.path, self.before), _hard(self._now, self.path, self.after)
        known = {sentence.says for sentence in was}
        return [sentence for sentence in now if sentence.says not in known]

    @property
    def sources(self) -> tuple[list[Source], list[Source]]:
        """Sources that the document names now and did not before, and the other way round."""
        was, now = _sources(self._was, self.path), _sources(self._now, self.path)
        return [source for source in now if source not in was], [source for source in was if source not in now]


def _shown(guide: Guide, path: str) -> SafeString:
    """A document as its page shows it, without the frame of the site."""
    document = next((document for document in documents(guide) if document.path == path), None)
    question = next((question for question in guide.questions if question.path == path), None)
    if document is None and question is None:
        return mark_safe("")
    known = [guide.sources[id] for id in (document.body.sources if document else ()) if id in guide.sources]
    context = {"guide": guide, "site": guide.site, "document": document, "question": question, "sources": known}
    return render_to_string("admin/guide/review_readers.html", context)


def _sources(guide: Guide, path: str) -> list[Source]:
    if path == SOURCES:
        return list(guide.sources.values())
    document = next((document for document in documents(guide) if document.path == path), None)
    return [guide.sources[id] for id in (document.body.sources if document else ()) if id in guide.sources]


def _conditions(guide: Guide, path: str) -> dict[str, Condition]:
    return {id: block.when for id, block in _by_id(guide, path).items() if block.kind in WEIGHED}


def _by_id(guide: Guide, path: str) -> dict[str, Block]:
    return {block.id: block for document in documents(guide) if document.path == path for block in document.body.blocks}


def _weighed(guide: Guide) -> set[tuple[str, str]]:
    return {(document.path, block.id) for document, block in guide.blocks(*WEIGHED)}


def _differences(was: Block, now: Block, before: Guide, after: Guide) -> Iterator[str]:
    """What a block says of itself and did not before; for whom it is, and its text, are told elsewhere."""
    if was.title != now.title:
        yield f"title changed: “{was.title}” → “{now.title}”"
    for what, old, new in (
        ("kind", _kind(was.kind), _kind(now.kind)),
        *((name, _word(was, name), _word(now, name)) for name in WORDS),
        ("treatments", _treatments(was, before), _treatments(now, after)),
        ("date", was.since, now.since),
    ):
        if old != new:
            yield f"{what} changed: {old or 'none'} → {new or 'none'}"


def _kind(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else kind


def _word(block: Block, name: str) -> str:
    return WORDS[name].get(getattr(block, name) or "", "")


def _treatments(block: Block, guide: Guide) -> str:
    return ", ".join(guide.treatments[id].title if id in guide.treatments else id for id in block.treatments)


def _sentence(condition: Condition | None, guide: Guide) -> str:
    return "" if condition is None else builder.sentence(condition, guide)


def _grade(guide: Guide, path: str) -> Grade | None:
    words = running_text(guide, path)
    return grade(words, names_pattern(guide)) if words else None


def _hard(guide: Guide, path: str, text: str | None) -> list[Sentence]:
    return hard_sentences(running_text(guide, path), text or "", names_pattern(guide))


def _named(kind: str, title: str) -> str:
    return f"{_kind(kind)} “{title}”"


def _told(effect: Effect, path: str, *, is_new: bool, is_gone: bool) -> str:
    """An effect in words."""
    name = _named(effect.kind, effect.title) + ("" if effect.path == path else f" in {effect.path}")
    if is_new and effect.gained:
        return f"{name} is new: shown in {_share(effect.gained)}"
    if is_gone and effect.lost:
        return f"{name} is taken away: it was shown in {_share(effect.lost)}"
    if not effect.gained and not effect.lost:
        return f"{name}: shown in other situations than before, too many to count. Read both conditions."
    said = [f"shown in {_share(side, how)}" for how, side in (("more ", effect.gained), ("fewer ", effect.lost)) if side]
    return f"{name}: {' And '.join(said)}"


def _share(side: Side, how: str = "") -> str:
    if side.share.count == side.share.of:
        return "all situations."
    return f"{side.share.count:,} {how}of {side.share.of:,} situations, for example: {side.example}."
