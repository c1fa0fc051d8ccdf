"""Descriptions: Markdown (CommonMark with tables) to HTML that may stand in anybody's page.

HTML in the text is shown as text; what comes out of Markdown is cleaned once more, so that neither a mistake here
nor one in the renderer lets scripts, styles or frames through. Links open in a new tab and carry no referrer.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import nh3
from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it.token import Token

LARGEST_TEXT = 64 * 1024
"""Bytes of Markdown: longer texts take long to render."""

_TAGS = {
    *("p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "s", "code", "pre", "blockquote"),
    *("ul", "ol", "li", "a", "table", "thead", "tbody", "tr", "th", "td"),
}
_SCHEMES = {"http", "https", "mailto", "doi"}


def render_description(text: str) -> str:
    """Safe HTML for a description in Markdown; what is beyond 64 KiB is left out.

    Pictures become links: a page that shows a description must not tell other servers who reads it.
    """
    encoded = text.encode("utf-8", "replace")
    return _rendered(encoded[:LARGEST_TEXT].decode("utf-8", "ignore"))


@lru_cache(maxsize=256)
def _rendered(text: str) -> str:
    html = _renderer().render(text)
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}, "th": {"align"}, "td": {"align"}},
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow",
        set_tag_attribute_values={"a": {"target": "_blank"}},
    )


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    renderer = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    renderer.add_render_rule("image", _as_link)
    return renderer


def _as_link(_: Any, tokens: Sequence[Token], index: int, __: Any, ___: Any) -> str:
    source = str(tokens[index].attrs.get("src", ""))
    return f'<a href="{escape(source)}">{escape(tokens[index].content or source)}</a>'
