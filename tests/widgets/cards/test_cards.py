from __future__ import annotations

from typing import Any

from voxshelf.widgets.cards import Card, Cards
from voxshelf.widgets.theme import Message


def test_what_is_said_on_a_card_is_escaped() -> None:
    cards = Cards(lambda *_: None)
    cards.show([Card(id="a", title="<b>", message=Message("<i>", "error", "<u>"))])
    (told,) = cards.cards
    assert told["tone"] == "error"
    assert "<i>" not in told["says"]
    assert "<u>" not in told["says"]
    # The title is put on screen as text.
    assert told["title"] == "<b>"


def test_what_is_pressed_is_told(front_end: Any) -> None:
    pressed: list[Any] = []
    cards = Cards(lambda card, action: pressed.append((card, action)))
    front_end(cards).custom({"k": "do", "card": "a", "action": "open"})
    front_end(cards).custom({"k": "else"})
    assert pressed == [("a", "open")]
