"""The one Markdown renderer: raw HTML off, our links, cited sources. Our blocks are cut out before, by `text`, and rendered one by one."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import markdown
from markdown.blockprocessors import ReferenceProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor

from guide.content.blocks import ID, KINDS, OPTIONS, ROLES, SPEEDS, WEIGHTS, WORDS
from guide.content.conditions import EVERYBODY, Condition, ConditionError, given
from guide.content.documents import Block, Body, Heading
from guide.content.fields import marks_in
from guide.content.forgiving import forgiven
from guide.content.mistakes import Argument, Mistake, Place, mistake, words
from guide.content.text import BlockText, Prose, Text

# A tag that was escaped: no address or sign between letters looks like it.
_ESCAPED_TAG = re.compile(r"&lt;/?[a-zA-Z!](?:(?!&[lg]t;)[^\n])*&gt;")
_IN_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_TITLE = re.compile(r"<h(?P<level>[1-6])(?: [^>]*)?>(?P<title>.*?)</h(?P=level)>", re.DOTALL)
_SOURCE = "#source-"
_CITE = r"\[@([^\]]+)\]"
_STRAY = re.compile(rf"<p>\s*(?P<name>{'|'.join(OPTIONS)}):")
_LONGEST_TITLE = 120
_SINCE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_ID = 120
_HEADING = re.compile(r"h[1-6]")
_MARK = re.compile(rf"[ \t]+\{{#({_ID.pattern})\}}[ \t]*$")
_ODD_MARK = re.compile(r"\{[ \t]*[#:.][^{}]*\}")


@dataclass
class _Found:
    """What one run of the renderer came across."""

    path: str
    when: Callable[[object], Condition]
    url_of: Callable[[str], str | None]
    open: bool
    """Whether a block is not closed: what stands below seems to be inside it, which is no mistake of its own."""
    sources: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    headings: list[dict[str, Any]] = field(default_factory=list)
    marked: set[str] = field(default_factory=set)
    """The anchors that headings say they have."""
    unnamed: set[int] = field(default_factory=set)
    """The blocks, by number, that have no id."""

    def mistake(self, code: str, place: Place, /, **arguments: Argument) -> None:
        self.mistakes.append(mistake(self.path, code, place, **arguments))

    def number(self, source: str) -> int:
        """The number of a source on this page, from 1, by its first place."""
        if source not in self.sources:
            self.sources.append(source)
        return self.sources.index(source) + 1


class _Citation(InlineProcessor):
    """`[@id; @id]`: numbers that lead to the sources at the foot."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[etree.Element, int, int]:  # type: ignore[override]  # noqa: N802
        holder = etree.Element("sup", {"class": "cite"})
        for name in m.group(1).split(";"):
            # Numbered later: inline patterns do not run in the order of the page.
            etree.SubElement(holder, "a", {"href": f"{_SOURCE}{name.strip().removeprefix('@')}"})
        return holder, m.start(0), m.end(0)


class _Links(Treeprocessor):
    """Inner links get their address, links to other sites their mark, citations their number."""

    def __init__(self, found: _Found, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.found = found

    def run(self, root: etree.Element) -> None:
        for _ in root.iter("img"):
            self.found.mistake("image", Place(part="image"))
        for link in root.iter("a"):
            self._finish(link, self._readable(link.get("href", "")))
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent[place] = self._scrolling(child)

    def _readable(self, target: str) -> str:
        """An address without what the renderer puts around the letters of one of e-mail."""
        return html.unescape(target.replace(markdown.util.AMP_SUBSTITUTE, "&"))

    def _scrolling(self, table: etree.Element) -> etree.Element:
        """A wide table scrolls by itself on a phone; it can be reached by keyboard, and says what it is."""
        titles = ["".join(cell.itertext()).strip() for cell in table.iter("th")]
        if not all(titles):
            self.found.mistake("table-without-title", Place(part="table"))
        around = etree.Element("div", {"class": "scroll", "tabindex": "0", "role": "region", "aria-label": "; ".join(titles)})
        around.append(table)
        return around

    def _finish(self, link: etree.Element, target: str) -> None:
        scheme, colon, rest = target.partition(":")
        if target.startswith(_SOURCE):
            link.text = f"[{self.found.number(target.removeprefix(_SOURCE))}]"
        elif target.startswith("#"):
            self.found.links.append(target)
        elif scheme in ("http", "https"):
            self.found.links.append(target)
            link.set("rel", "external noopener noreferrer")
            link.set("class", "external")
            etree.SubElement(link, "span", {"class": "external-mark"}).text = " (another website)"
        elif colon and scheme in ("page", "treatment", "term"):
            self._inner(link, target, scheme, rest)
        elif target.startswith("/") and not target.startswith("//"):
            self.found.links.append(target)
        elif scheme != "tel":
            # One of e-mail between < and > is written without its mailto.
            self.found.mistake("link-unknown-kind", Place(part="link", quote=target.removeprefix("mailto:")), target=repr(target))
            link.attrib.pop("href", None)  # in a preview too it must lead nowhere

    def _inner(self, link: etree.Element, target: str, scheme: str, rest: str) -> None:
        self.found.links.append(target)
        name, _, anchor = rest.partition("#")
        url = self.found.url_of(f"{scheme}:{name}")
        if url is None:
            self.found.mistake("link-to-nothing", Place(part="link", quote=target), kind=scheme, name=repr(name))
        else:
            link.set("href", url + (f"#{anchor}" if anchor else ""))


class _Marks(Treeprocessor):
    """`## Title {#anchor}`: a heading that keeps its anchor, whatever its title. Runs before what stands in the heading is read."""

    def __init__(self, found: _Found, md: markdown.Markdown) -> None:
        super().__init__(md)
        self.found = found

    def run(self, root: etree.Element) -> None:
        for heading in root.iter():
            if not isinstance(heading.tag, str) or not _HEADING.fullmatch(heading.tag) or not heading.text:
                continue
            if mark := _MARK.search(heading.text):
                heading.text = heading.text[: mark.start()]
                heading.set("id", mark[1])
                self.found.marked.add(mark[1])
            for odd in _ODD_MARK.findall(heading.text):
                self.found.mistake("heading-mark", Place(part="heading", quote=odd), mark=repr(odd))


class _OurSyntax(Extension):
    def __init__(self, found: _Found) -> None:
        super().__init__()
        self.found = found

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_Citation(_CITE, md), "cite", 175)
        md.treeprocessors.register(_Marks(self.found, md), "our-marks", 25)  # above "inline"
        md.treeprocessors.register(_Links(self.found, md), "our-links", 1)


def slugify(title: str, separator: str = "-") -> str:
    """A title as an anchor: `HER2-positive: first` becomes `her2-positive-first`."""
    return re.sub(r"[^a-z0-9]+", separator, title.lower()).strip(separator)


def render(text: Text, when: Callable[[object], Condition], url_of: Callable[[str], str | None]) -> tuple[Body, list[Mistake]]:
    """Render the body of a text.

    `when` reads a condition and raises ConditionError; `url_of` gives the address of `page:slug`,
    `treatment:id` or `term:slug`, or None. Mistakes are collected, not raised: an editor sees all.
    """
    found = _Found(text.path, when, url_of, open=not all(block.closed for block in text.blocks))
    md = _markdown(text, found)
    parts: list[str | Block] = []
    for part in text.parts:
        rendered = _rendered(part.markdown if isinstance(part, Prose) else part.body, md, found, part)
        if isinstance(part, Prose):
            if rendered:
                parts.append(rendered)
        else:
            if not any(isinstance(one, str) and "<h2" in one for one in parts) and not found.open:
                found.mistake("block-above-headings", Place(block=part.name))
            parts.append(_block(part, rendered, found))
    headings = _headings(found)
    _tell_what_is_empty(parts, found)
    blocks = [part for part in parts if isinstance(part, Block)]
    anchors = _anchors(found, blocks)
    for block in blocks:
        for source in block.sources:
            found.number(source)
    said = " ".join(_plain(part if isinstance(part, str) else f"<p>{html.escape(part.title)}</p>{part.html}") for part in parts)
    return Body(tuple(parts), headings, tuple(found.sources), tuple(found.links), anchors, said), found.mistakes


def _markdown(text: Text, found: _Found) -> markdown.Markdown:
    md = markdown.Markdown(
        extensions=["tables", "sane_lists", "toc", _OurSyntax(found)],
        extension_configs={"toc": {"slugify": slugify, "marker": "", "toc_depth": "1-6"}},
        output_format="html",
    )
    # An address given below a block is good above it, too.
    for one in ReferenceProcessor.RE.finditer(text.body.replace("\r\n", "\n")):
        md.references[one[1].strip().lower()] = (one[2].lstrip("<").rstrip(">"), one[5] or one[6])
    return md


def _rendered(written: str, md: markdown.Markdown, found: _Found, part: Prose | BlockText) -> str:
    if not written.strip():
        return ""
    rendered = md.convert(forgiven(written)).strip()
    for shown in dict.fromkeys(_ESCAPED_TAG.findall(_IN_CODE.sub("", rendered))):
        tag = html.unescape(shown)
        found.mistake("html", Place(part="text", quote=tag), tag=repr(tag))
    headings = _all_headings(md.toc_tokens)  # type: ignore[attr-defined]
    if isinstance(part, Prose):
        found.headings += headings
    elif headings and not found.open:
        found.mistake("heading-in-block", Place(block=part.name))
    return rendered


def _all_headings(tokens: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [entry for token in tokens for entry in (token, *_all_headings(token["children"]))]


def _headings(found: _Found) -> tuple[Heading, ...]:
    level = 1
    for token in found.headings:
        if token["level"] > level + 1 or token["level"] == 1:
            found.mistake("heading-skips", Place(part="heading", quote=html.unescape(token["name"])), title=repr(token["name"]))
        level = token["level"]
    return tuple(Heading(html.unescape(token["name"]), token["id"]) for token in found.headings if token["level"] == 2)


def _anchors(found: _Found, blocks: list[Block]) -> frozenset[str]:
    """Every anchor of a page. Two that are the same would lead to the first alone."""
    of_headings = [_anchor(heading, found) for heading in found.headings]
    named = [block for block in blocks if block.number not in found.unnamed]
    anchors = of_headings + [block.id for block in named]
    for block in named:
        if anchors.count(block.id) > 1:
            first = next(one for one in named if one.id == block.id)
            if first is not block or block.id in of_headings:
                found.mistake("id-twice", Place(ID, block.name), id=block.id)
    for anchor in {anchor for anchor in of_headings if of_headings.count(anchor) > 1}:
        found.mistake("heading-twice", Place(part="heading", quote=anchor), anchor=anchor)
    return frozenset(filter(None, (*anchors, *(block.id for block in blocks))))


def _anchor(heading: Mapping[str, Any], found: _Found) -> str:
    """The anchor that a heading says it has, or that its title gives; where it is taken, the renderer would have given it another."""
    return heading["id"] if heading["id"] in found.marked else slugify(html.unescape(heading["name"]))


def _tell_what_is_empty(parts: list[str | Block], found: _Found) -> None:
    """Headings under which nothing stands, and a text that is nothing but headings."""
    if found.open:
        return  # what stands below seems to be inside the block
    # A block counts as a word, and a heading inside one is a mistake of its own.
    rendered = "\n".join(part if isinstance(part, str) else "block" for part in parts)
    headings = list(_TITLE.finditer(rendered))
    if not _says_something(rendered):
        found.mistake("no-text", Place(part="text"))
    for place, heading in enumerate(headings):
        below = (other.start() for other in headings[place + 1 :] if other["level"] <= heading["level"])
        if not _says_something(rendered[heading.end() : next(below, len(rendered))]):
            title = _plain(heading["title"])
            found.mistake("heading-empty", Place(part="heading", quote=title), title=repr(title))


def _says_something(rendered: str) -> bool:
    """Whether HTML has words beside its headings."""
    return bool(_TAG.sub("", _TITLE.sub("", rendered)).strip())


def _block(text: BlockText, inner: str, found: _Found) -> Block:
    options = text.data
    if not options.get(ID):
        found.unnamed.add(text.name.number)
    if text.kind in KINDS and text.closed:
        if text.options.wrong is None:
            _tell_options(text, options, inner, found)
        _tell_title(text, inner, found)
    return Block(
        kind=text.kind,
        title=text.title,
        # What was published before blocks had ids keeps the anchors that it had.
        id=str(options.get(ID) or slugify(text.title)),
        html=inner,
        when=_when(text, options, found),
        role=options["role"] if options.get("role") in ROLES else None,
        weight=options["weight"] if options.get("weight") in WEIGHTS else None,
        speed=next((speed for speed in SPEEDS if speed == str(options.get("speed"))), None),
        treatments=_names(text, "treatments", found),
        sources=_names(text, "sources", found),
        since=str(options.get("since") or ""),
        also=_names(text, "also", found),
        short=str(options.get("short") or ""),
        tells=_names(text, "tells", found),
        number=text.name.number,
    )


def _when(text: BlockText, options: Mapping[str, Any], found: _Found) -> Condition:
    if "when" not in options:
        return EVERYBODY
    try:
        return found.when(given(options["when"]))
    except ConditionError as error:
        found.mistake(error.code, Place("when", text.name), **error.arguments)
        return EVERYBODY


def _tell_title(text: BlockText, inner: str, found: _Found) -> None:
    here = Place(block=text.name)
    if not text.title:
        found.mistake("block-without-title", here)
    for shown in (text.title, str(text.data.get("short") or "")):
        if marks := marks_in(shown):
            found.mistake("marks-in-words", here, marks=repr(marks))
    if len(text.title) > _LONGEST_TITLE:
        found.mistake("title-too-long", here, letters=len(text.title), most=_LONGEST_TITLE)
    if not inner and KINDS[text.kind].told:
        found.mistake("block-without-text", here)
    if stray := _STRAY.match(inner):
        found.mistake("option-as-text", here, name=stray["name"])


def _tell_options(text: BlockText, options: Mapping[str, Any], inner: str, found: _Found) -> None:
    kind = KINDS[text.kind]
    for code, name, arguments in (*_wrong_with_id(text, options), *_wrong_values(options)):
        found.mistake(code, Place(name, text.name), **arguments)
    for need in kind.needs:
        if options.get(need) in (None, [], "") and not (need == "when" and "when" in options):
            found.mistake(
                "block-needs", Place(block=text.name), name=need, write=words(f"write-{need}", known=", ".join(WORDS.get(need, ())))
            )
    for name in OPTIONS:
        if name in options and name not in (ID, *kind.needs, *kind.may):
            found.mistake("block-has-no", Place(name, text.name), kind=kind.name, name=name)


_Told = tuple[str, str, dict[str, Argument]]


def _wrong_with_id(text: BlockText, options: Mapping[str, Any]) -> Iterator[_Told]:
    id = options.get(ID)
    if id in (None, "") and not text.title:
        return  # it is made from the title, which is missing first
    if id in (None, ""):
        yield "id-missing", ID, {"id": slugify(text.title) or text.kind}
    elif not isinstance(id, (str, int)) or not _ID.fullmatch(str(id)) or len(str(id)) > LONGEST_ID:
        yield "id-not-plain", ID, {"id": repr(id)}


def _wrong_values(options: Mapping[str, Any]) -> Iterator[_Told]:
    since = options.get("since")
    if since and not _SINCE.fullmatch(str(since)):
        yield "since-no-day", "since", {"since": repr(str(since))}
    for name, known in WORDS.items():
        if (word := options.get(name)) is not None and str(word) not in known:
            yield "unknown-word-of-block", name, {"name": name, "word": repr(word), "known": ", ".join(known)}


def _names(text: BlockText, key: str, found: _Found) -> tuple[str, ...]:
    names = text.data.get(key)
    if names is None:
        return ()
    if not isinstance(names, list):
        found.mistake("option-no-list", Place(key, text.name), name=key)
        return ()
    return tuple(str(name) for name in names)


def _plain(rendered: str) -> str:
    """The words of rendered Markdown, as running text with sentence ends after headings and list items."""
    text = re.sub(r'<sup class="cite">.*?</sup>|<span class="external-mark">.*?</span>|<pre>.*?</pre>', "", rendered, flags=re.DOTALL)
    text = re.sub(r"([^.?!:;,>\s])((?:</(?:em|strong|a|code)>)*)\s*</(?:li|h\d|p|td|th)>", r"\1\2. ", text)
    return re.sub(r"\s+", " ", html.unescape(_TAG.sub(" ", text))).strip()
