"""The guide that readers see, and as it would be with texts that are on their way. Saves nothing."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import lru_cache

from guide.content.documents import Guide
from guide.content.mistakes import ContentError, Mistake
from guide.content.text import read
from guide.content.whole import assembled, examine
from guide.editing.models import Edition, Revision


def read_with(path: str, text: str | None) -> tuple[Guide, list[Mistake]]:
    """The guide that readers see with another text in it (None: without it), and every mistake that would keep it from them.

    What another text on its way mends is none: a draft cites a source, or leads to a page, that is a draft itself.
    They go out together, or the publisher is told. Nor is what the desk itself writes into a text when somebody saves it.
    What stands in the other documents has been read before and is kept, so this takes some hundredths of a second.
    """
    guide, mistakes, _ = _read_among(path, text)
    return guide, without_written(mistakes)


def without_written(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Mistakes that somebody has to mend: ids of blocks are written by the desk."""
    return [one for one in mistakes if one.code != "id-missing"]


def read_both(path: str, before: str | None, after: str | None) -> tuple[Guide, Guide, list[Mistake]]:
    """The guide before and after a change, with the same other texts around it, and every mistake after it."""
    now, mistakes, around = _read_among(path, after)
    return assembled(_there({**around, path: before})), now, mistakes


def _read_among(path: str, text: str | None) -> tuple[Guide, list[Mistake], dict[str, str | None]]:
    """The same, and the texts around it."""
    around: dict[str, str | None] = {**Edition.objects.texts_with({})}
    guide, mistakes = examine(_there({**around, path: text}))
    others = {where: other for where, other in open_texts().items() if _can_be_read(where, other)} if mistakes else {}
    if others.keys() - {path}:
        around |= others
        guide, together = examine(_there({**around, path: text}))
        still = set(together)
        mistakes = [mistake for mistake in mistakes if mistake in still]
    return guide, mistakes, around


def _can_be_read(path: str, text: str | None) -> bool:
    """Whether a text on its way can mend anything: one whose fields cannot be read says nothing, and a rule it holds would be gone."""
    return text is None or not read(path, text).unread


def refuse_mistakes(path: str, text: str | None) -> None:
    """Raises ContentError with what keeps a text, as it is, from readers."""
    if mistakes := _read_among(path, text)[1]:
        raise ContentError(mistakes)


def open_texts() -> dict[str, str | None]:
    """Every text on its way: path -> text, None for one that takes its document away."""
    texts = Revision.objects.filter(state__in=Revision.OPEN).values_list("document__path", "removed", "text")
    return {path: None if removed else text for path, removed, text in texts}


def with_drafts() -> Guide:
    """The guide with every text on its way in it, as far as it can be read."""
    texts = open_texts()
    return assembled(Edition.objects.texts_with(texts)) if texts else current()


def guide_with(path: str, text: str) -> Guide:
    """The guide that readers see with another text in it, as far as it can be read; nothing of it is weighed."""
    return assembled(Edition.objects.texts_with({path: text}))


def _there(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {path: text for path, text in texts.items() if text is not None}


def current() -> Guide:
    """The guide that readers see; where nothing is published yet, an empty one. Read once for each edition and process."""
    edition = Edition.objects.first()
    return guide_at(edition.pk, edition.number, edition.created) if edition else assembled({})


@lru_cache(maxsize=1)
def guide_at(pk: int, number: int, created: datetime.datetime) -> Guide:
    """The guide of an edition, which these three tell from every other, also after a restored backup."""
    return assembled(Edition.objects.texts(number))
