"""A grid of cards in the browser: ``Card`` is what one of them says, ``Cards`` shows them and tells what was pressed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets

from voxshelf.widgets.theme import Message
from voxshelf.widgets.theme.answering import Answering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Card:
    """What a card says.

    Parameters
    ----------
    id : str
        Names it; the card of an id keeps its place on screen and the focus.
    title, sub : str
        Plain text; the second one is small.
    chips, body : str
        Safe HTML.
    message : Message
        How things stand with it.
    actions : tuple
        Its buttons: name, label, and whether it is the main one.
    opens : bool
        Whether its title and picture can be pressed as well, which is the action ``open``.
    """

    id: str
    title: str
    sub: str = ""
    chips: str = ""
    body: str = ""
    message: Message = field(default_factory=Message)
    actions: tuple[tuple[str, str, bool], ...] = ()
    opens: bool = False


class Cards(Answering):
    """A grid of cards.

    Parameters
    ----------
    on_action : callable
        Called with a card's id and the name of an action.
    pictured : bool
        Whether cards have a picture.
    """

    _esm = (_HERE / "cards.js").read_text(encoding="utf-8")
    _css = (_HERE / "cards.css").read_text(encoding="utf-8")

    cards = traitlets.List(traitlets.Dict()).tag(sync=True)
    pictures = traitlets.Dict().tag(sync=True)
    progress = traitlets.Dict().tag(sync=True)
    current = traitlets.Unicode("").tag(sync=True)
    pictured = traitlets.Bool(False).tag(sync=True)

    def __init__(self, on_action: Callable[[str, str], None], *, pictured: bool = False) -> None:
        super().__init__(pictured=pictured)
        self._on_action = on_action
        self.on_msg(self._message_came)

    def show(self, cards: Iterable[Card]) -> None:
        """Show these cards in place of those before."""
        self.cards = [_told(card) for card in cards]

    def _message_came(self, _widget: Any, message: dict[str, Any], _buffers: Any) -> None:
        if message.get("k") == "do":
            self._on_action(str(message["card"]), str(message["action"]))


def _told(card: Card) -> dict[str, Any]:
    values = asdict(card)
    message = values.pop("message")
    says = card.message.html if card.message.text else ""
    actions = [list(action) for action in card.actions]
    return values | {"tone": message["tone"], "says": says, "actions": actions}
