"""Descriptions become HTML that may stand in anybody's page."""

from __future__ import annotations

import re

import pytest

from voxshelf.store.markdown import LARGEST_TEXT, render_description

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '<iframe src="https://evil.example"></iframe>',
    "<style>body{display:none}</style>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](https://example.org/x.png)',
    "![x](https://evil.example/track.png)",
    '[x](https://example.org "t" onmouseover="alert(1)")',
    "<https://example.org/<script>>",
    "```<script>\nalert(1)\n```",
    "| <script>alert(1)</script> |\n|---|\n| <img src=x onerror=alert(1)> |",
    "<form action='https://evil.example'><input name=password></form>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\0<script>alert(1)</script>",
]


@pytest.mark.parametrize("text", ATTACKS)
def test_nothing_in_a_description_runs_loads_or_hides_anything(text: str) -> None:
    html = render_description(text)
    tags = re.findall(r"<\s*(/?[a-zA-Z]+)([^>]*)>", html)
    assert {name.strip("/").lower() for name, _ in tags} <= {
        *("p", "br", "pre", "code", "a", "table", "thead", "tbody", "tr", "th", "td"),
    }
    for _, attributes in tags:
        assert not re.search(r"\son\w+\s*=|style\s*=|src\s*=", attributes, re.IGNORECASE)
        assert not re.search(r"(javascript|vbscript|data):", attributes, re.IGNORECASE)


def test_markdown_is_rendered() -> None:
    html = render_description(
        "# Mouse\n\n*fine* **bold** ~~gone~~\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    for part in (
        "<h1>Mouse</h1>",
        "<em>fine</em>",
        "<strong>bold</strong>",
        "<s>gone</s>",
        "<li>one</li>",
        "<td>1</td>",
    ):
        assert part in html


def test_links_open_elsewhere_and_say_nothing_about_who_comes() -> None:
    html = render_description("[paper](https://doi.org/10.1/2)")
    assert 'href="https://doi.org/10.1/2"' in html
    assert 'target="_blank"' in html
    assert all(word in html for word in ("noopener", "noreferrer", "nofollow"))


def test_a_picture_becomes_a_link() -> None:
    html = render_description("![a cell](https://example.org/cell.png)")
    assert "<img" not in html
    assert '<a href="https://example.org/cell.png"' in html
    assert ">a cell</a>" in html


def test_a_text_beyond_the_limit_is_cut_between_letters() -> None:
    html = render_description("ä" * LARGEST_TEXT)
    assert html.count("ä") == LARGEST_TEXT // 2
    assert "�" not in html


@pytest.mark.parametrize(
    "text", ["", "\0", "\ud800", "a\ud800b", "x" * 10, "[" * 5000, "> " * 2000, "*" * 5000]
)
def test_any_text_can_be_rendered(text: str) -> None:
    assert isinstance(render_description(text), str)
