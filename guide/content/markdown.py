"""The one Markdown renderer: raw HTML off, our blocks, our links, cited sources.

Our blocks ride on pymdown-extensions' `blocks` API. Each leaves a marker element in the tree; after
rendering, the HTML is cut at the markers, so that a body is HTML and blocks in their order. A marker
cannot be forged, because raw HTML is escaped.
"""

from __future__ import annotations

import html
import re
import textwrap
import xml.etree.ElementTree as etree
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import Treeprocessor
from pymdownx.blocks import BlocksExtension, BlocksProcessor
from pymdownx.blocks.block import Block as BlockSyntax
from pymdownx.blocks.block import type_any

from guide.content.conditions import EVERYBODY, Condition, ConditionError, given
from guide.content.documents import ROLES, Block, Body, Heading
from guide.content.errors import Mistake
from guide.content.fields import read_yaml

MARKER = "guide-block"
_CUT = re.compile(rf'<{MARKER} data-number="(\d+)">(.*?)</{MARKER}>', re.DOTALL)
_MARK = re.compile(rf"</?{MARKER}[^>]*>")
_UNREAD = re.compile(r"^ *<p>/{3,}\s*(.*)$", re.MULTILINE)
_EDGE = re.compile(r"^(?P<fence>/{3,}) *(?P<header>\w.*)?$", re.MULTILINE)
# A tag that was escaped: no address or sign between letters looks like it.
_ESCAPED_TAG = re.compile(r"&lt;/?[a-zA-Z!](?:(?!&[lg]t;)[^\n])*&gt;")
_IN_CODE = re.compile(r"<code>.*?</code>", re.DOTALL)
_HEADER = re.compile(r"^(?P<first>/{3,} *\w.*)\n(?P<options>(?: {4,}\S.*\n)+)", re.MULTILINE)
_TAG = re.compile(r"<[^>]+>")
_TITLE = re.compile(r"<h(?P<level>[1-6])(?: [^>]*)?>(?P<title>.*?)</h(?P=level)>", re.DOTALL)
_SOURCE = "#source-"
_CITE = r"\[@([^\]]+)\]"

OPTIONS = ("when", "role", "treatments", "sources", "since", "also")
KINDS = ("option", "support", "test", "ask", "callnow", "caution", "changed", "term")
# What each kind of block needs, and what it may have besides.
_NEEDS: dict[str, tuple[str, ...]] = {
    "option": ("role", "treatments", "sources"),
    "support": ("treatments", "sources"),
    "test": ("sources",),
    "ask": (),
    "callnow": ("sources",),
    "caution": ("when", "sources"),
    "changed": ("since", "sources"),
    "term": (),
}
_MAY: dict[str, tuple[str, ...]] = {
    "option": ("when",),
    "support": ("when",),
    "test": ("when", "treatments"),
    "ask": ("when",),
    "callnow": ("when",),
    "caution": (),
    "changed": ("when",),
    "term": ("also", "sources"),
}
# How to write what is missing, below the first line of a block.
_TO_WRITE = {
    "when": "say for whom it is, as in `    when: {fact: value}`",
    "role": f"write one of {', '.join(ROLES)}, as in `    role: {ROLES[0]}`",
    "treatments": "name what it is about, as in `    treatments: [one, two]`",
    "sources": "say where it comes from, as in `    sources: [one, two]`",
    "since": "say when it changed, as in `    since: 2024`",
}
_STRAY = re.compile(rf"<p>\s*(?P<name>{'|'.join(OPTIONS)}):")
_LONGEST_TITLE = 120
_SINCE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass
class _Found:
    """What one run of the renderer came across."""

    path: str
    when: Callable[[object], Condition]
    url_of: Callable[[str], str | None]
    raw_blocks: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    # Headers of blocks that do not end: what stands below seems to be inside them, which is no mistake of its own.
    unclosed: list[str] = field(default_factory=list)

    def mistake(self, field: str, remedy: str) -> None:
        self.mistakes.append(Mistake(self.path, field, remedy))

    def number(self, source: str) -> int:
        """The number of a source on this page, from 1, by its first place."""
        if source not in self.sources:
            self.sources.append(source)
        return self.sources.index(source) + 1


class _OurBlock(BlockSyntax):  # type: ignore[misc]  # pymdown-extensions has no types
    ARGUMENT = None
    OPTIONS = dict.fromkeys(OPTIONS, (None, type_any)) | {"when": (None, given)}

    def on_markdown(self) -> str:
        """The text of a block is Markdown with paragraphs and lists."""
        return "block"

    def on_create(self, parent: etree.Element) -> etree.Element:
        found: _Found = self.config["found"]
        found.raw_blocks.append((self.NAME, (self.argument or "").strip(), self.options))
        if not found.unclosed and (parent.tag != "div" or parent.get("class")):
            found.mistake("block", f"{self.NAME} | {self.argument}: a block stands by itself, not inside a list, a quote or another block")
        return etree.SubElement(parent, MARKER, {"data-number": str(len(found.raw_blocks) - 1)})


def _header(blocks: BlocksProcessor, block: str, length: int) -> tuple[dict[str, Any] | None, str]:
    """The options of a block (None: they are not understood), and the rest of it. Read as all our YAML; otherwise as the library does."""
    end = next((found.start() for found in blocks.end.finditer(block) if len(found[1]) == length), None)
    below = "" if end is None else f"\n{block[end:]}"
    written = blocks.yaml_line.match(block, 0, len(block) if end is None else end)
    rest = block[written.end() if written else 0 : end] + below
    data = read_yaml("", textwrap.dedent(written[0]), []) if written else None
    if data is None:
        return {}, rest
    return data if isinstance(data, dict) and data.keys() <= {*OPTIONS} else None, rest


class _OurBlocks(BlocksExtension):  # type: ignore[misc]  # pymdown-extensions has no types
    def __init__(self, found: _Found) -> None:
        self.config = {"found": [found, "what this run comes across"]}
        super().__init__()

    def register_block_mgr(self, md: markdown.Markdown) -> BlocksProcessor:
        """Its own, but for how options are read."""
        own = super().register_block_mgr(md)
        own.split_header = partial(_header, own)
        return own

    def extendMarkdownBlocks(self, md: markdown.Markdown, block_mgr: Any) -> None:  # noqa: N802
        md.block_level_elements.append(MARKER)
        for kind in KINDS:
            block_mgr.register(type(kind.title(), (_OurBlock,), {"NAME": kind}), self.getConfigs())


class _Citation(InlineProcessor):
    """`[@id; @id]`: numbers that lead to the sources at the foot."""

    def __init__(self, found: _Found, md: markdown.Markdown) -> None:
        super().__init__(_CITE, md)
        self.found = found

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
            self.found.mistake("image", "images cannot be shown; say it in words")
        for block in root.iter(MARKER):
            if not self.found.unclosed and any(element.tag in ("h1", "h2", "h3", "h4", "h5", "h6") for element in block.iter()):
                self.found.mistake("block", "there is a heading inside a block: close the block with /// before it")
        for link in root.iter("a"):
            self._finish(link, link.get("href", ""))
        for parent in list(root.iter()):
            for place, child in enumerate(list(parent)):
                if child.tag == "table":
                    parent[place] = self._scrolling(child)

    def _scrolling(self, table: etree.Element) -> etree.Element:
        """A wide table scrolls by itself on a phone; it can be reached by keyboard, and says what it is."""
        titles = ["".join(cell.itertext()).strip() for cell in table.iter("th")]
        if not all(titles):
            self.found.mistake("table", "a column has no title: write one above each column")
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
            link.set("rel", "external noopener noreferrer")
            link.set("class", "external")
            etree.SubElement(link, "span", {"class": "external-mark"}).text = " (another website)"
        elif colon and scheme in ("page", "treatment", "term"):
            self._inner(link, target, scheme, rest)
        elif scheme != "tel" and (not target.startswith("/") or target.startswith("//")):
            self.found.mistake("link", f"{target!r} is not a link we know; write page:slug, treatment:id, term:slug or https://...")
            link.attrib.pop("href", None)  # in a preview too it must lead nowhere

    def _inner(self, link: etree.Element, target: str, scheme: str, rest: str) -> None:
        self.found.links.append(target)
        name, _, anchor = rest.partition("#")
        url = self.found.url_of(f"{scheme}:{name}")
        if url is None:
            self.found.mistake("link", f"there is no {scheme} {name!r}; mend or remove the link")
        else:
            link.set("href", url + (f"#{anchor}" if anchor else ""))


class _OurSyntax(Extension):
    def __init__(self, found: _Found) -> None:
        super().__init__()
        self.found = found

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(_Citation(self.found, md), "cite", 175)
        md.treeprocessors.register(_Links(self.found, md), "our-links", 1)


def slugify(title: str, separator: str = "-") -> str:
    """A title as an anchor: `HER2-positive: first` becomes `her2-positive-first`."""
    return re.sub(r"[^a-z0-9]+", separator, title.lower()).strip(separator)


def render(text: str, path: str, when: Callable[[object], Condition], url_of: Callable[[str], str | None]) -> tuple[Body, list[Mistake]]:
    """Render a document's Markdown.

    `when` reads a condition and raises ConditionError; `url_of` gives the address of `page:slug`,
    `treatment:id` or `term:slug`, or None. Mistakes are collected, not raised: an editor sees all.
    """
    found = _Found(path, when, url_of, unclosed=_unclosed(text))
    for unclosed in found.unclosed:
        found.mistake("block", f"{unclosed}: it is not closed: write /// on a line of its own below its text")
    md = markdown.Markdown(
        extensions=["tables", "sane_lists", "toc", _OurSyntax(found), _OurBlocks(found)],
        extension_configs={"toc": {"slugify": slugify, "marker": "", "toc_depth": "1-6"}},
        output_format="html",
    )
    for header in _HEADER.finditer(text):
        read_yaml(path, header["options"], found.mistakes, within=header["first"].strip("/ "))
    rendered = md.convert(text)
    for match in _UNREAD.finditer(rendered):
        found.mistake(
            "block",
            f"{html.unescape(_TAG.sub('', match.group(1)))!r} is not understood: check the kind, the names of its options and their indentation of four spaces, and close it with ///",
        )
    for shown in dict.fromkeys(_ESCAPED_TAG.findall(_IN_CODE.sub("", rendered))):
        found.mistake("text", f"{html.unescape(shown)!r} is HTML, which does nothing here, and readers would see it: remove it")
    headings = _headings(md, found)
    _tell_what_is_empty(rendered, found)
    parts = _parts(rendered, found)
    blocks = [part for part in parts if isinstance(part, Block)]
    anchors = [slugify(html.unescape(heading["name"])) for heading in _all_headings(md)] + [block.anchor for block in blocks]
    for anchor in {anchor for anchor in anchors if anchors.count(anchor) > 1}:
        found.mistake("heading", f"two headings or blocks would have the anchor #{anchor}: give them different titles")
    for block in blocks:
        for source in block.sources:
            found.number(source)
    words = " ".join(_plain(part if isinstance(part, str) else f"<p>{html.escape(part.title)}</p>{part.html}") for part in parts)
    body = Body(tuple(parts), headings, tuple(found.sources), tuple(found.links), frozenset(anchors), words)
    return body, found.mistakes


def _unclosed(text: str) -> list[str]:
    """The headers of blocks that are not closed, outermost first."""
    is_open: list[tuple[str, str]] = []
    for edge in _EDGE.finditer(text):
        if edge["header"]:
            is_open.append((edge["fence"], edge["header"].strip()))
        elif is_open and is_open[-1][0] == edge["fence"]:
            is_open.pop()
    return [header for _, header in is_open]


def _all_headings(md: markdown.Markdown) -> list[dict[str, Any]]:
    def walk(tokens: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [entry for token in tokens for entry in (token, *walk(token["children"]))]

    return walk(md.toc_tokens)  # type: ignore[attr-defined]


def _headings(md: markdown.Markdown, found: _Found) -> tuple[Heading, ...]:
    tokens = _all_headings(md)
    level = 1
    for token in tokens:
        if token["level"] > level + 1 or token["level"] == 1:
            found.mistake("heading", f"{token['name']!r} skips a level: start at ##, then ###")
        level = token["level"]
    return tuple(Heading(html.unescape(token["name"]), token["id"]) for token in tokens if token["level"] == 2)


def _tell_what_is_empty(rendered: str, found: _Found) -> None:
    """Headings under which nothing stands, and a text that is nothing but headings."""
    if found.unclosed:
        return  # what stands below seems to be inside the block
    # A block counts as a word, and a heading inside one is a mistake of its own.
    without_blocks = _CUT.sub("block", rendered)
    headings = list(_TITLE.finditer(without_blocks))
    if not _says_something(without_blocks):
        found.mistake("text", "there is no text yet: begin with the main point, in one or two short sentences")
    for place, heading in enumerate(headings):
        below = (other.start() for other in headings[place + 1 :] if other["level"] <= heading["level"])
        if not _says_something(without_blocks[heading.end() : next(below, len(without_blocks))]):
            title = _plain(heading["title"])
            found.mistake("heading", f"nothing stands under the heading {title!r}: write something, or remove the heading")


def _says_something(rendered: str) -> bool:
    """Whether HTML has words beside its headings."""
    return bool(_TAG.sub("", _TITLE.sub("", rendered)).strip())


def _parts(rendered: str, found: _Found) -> list[str | Block]:
    parts: list[str | Block] = []
    seen_heading = False
    position = 0
    for match in _CUT.finditer(rendered):
        before = rendered[position : match.start()].strip()
        if before:
            parts.append(before)
            seen_heading = seen_heading or "<h2" in before
        kind, title, options = found.raw_blocks[int(match.group(1))]
        if not seen_heading:
            found.mistake("block", f"{kind} | {title}: put it under a ## heading")
        parts.append(_block(kind, title, options, _MARK.sub("", match.group(2)).strip(), found))
        position = match.end()
    # Of blocks inside blocks, which were told as a mistake, some marks are left.
    rest = _MARK.sub("", rendered[position:]).strip()
    return [*parts, rest] if rest else parts


def _block(kind: str, title: str, options: dict[str, Any], inner: str, found: _Found) -> Block:
    where = f"{kind} | {title}" if title else kind
    for remedy in _wrong_with(kind, title, options, inner):
        found.mistake(where, remedy)
    try:
        when = found.when(options["when"])
    except ConditionError as error:
        found.mistake(f"{where}: when", str(error))
        when = EVERYBODY
    return Block(
        kind=kind,  # type: ignore[arg-type]  # registered from KINDS
        title=title,
        anchor=slugify(title),
        html=inner,
        when=when,
        role=options["role"],
        treatments=_names(options, "treatments", where, found),
        sources=_names(options, "sources", where, found),
        since=str(options["since"] or ""),
        also=_names(options, "also", where, found),
    )


def _wrong_with(kind: str, title: str, options: dict[str, Any], inner: str) -> Iterator[str]:
    if not title:
        yield "give it a title, after a | on its first line"
    if len(title) > _LONGEST_TITLE:
        yield f"the title has {len(title)} letters; {_LONGEST_TITLE} fit"
    if not inner and kind != "ask":
        yield "write its text"
    if found := _STRAY.match(inner):
        yield f"the line '{found['name']}:' is read as ordinary text: begin it with four spaces, right below the title"
    yield from (f"it needs {need}: {_TO_WRITE[need]}" for need in _NEEDS[kind] if options[need] in (None, [], ""))
    given = [name for name in OPTIONS if options[name] is not None]
    yield from (f"{kind} has no {name}; remove it" for name in given if name not in (*_NEEDS[kind], *_MAY[kind]))
    if options["since"] and not _SINCE.fullmatch(str(options["since"])):
        yield f"since is a year, month or day (2024, 2024-03 or 2024-03-15), not {options['since']!r}"
    if options["role"] is not None and options["role"] not in ROLES:
        yield f"role is one of {', '.join(ROLES)}, not {options['role']!r}"


def _names(options: dict[str, Any], key: str, where: str, found: _Found) -> tuple[str, ...]:
    names = options[key]
    if names is None:
        return ()
    if not isinstance(names, list):
        found.mistake(where, f"{key} is a list: [one, two]")
        return ()
    return tuple(str(name) for name in names)


def _plain(rendered: str) -> str:
    """The words of rendered Markdown, as running text with sentence ends after headings and list items."""
    text = re.sub(r'<sup class="cite">.*?</sup>|<span class="external-mark">.*?</span>|<pre>.*?</pre>', "", rendered, flags=re.DOTALL)
    text = re.sub(r"([^.?!:;,>\s])((?:</(?:em|strong|a|code)>)*)\s*</(?:li|h\d|p|td|th)>", r"\1\2. ", text)
    return re.sub(r"\s+", " ", html.unescape(_TAG.sub(" ", text))).strip()
