"""A panel follows some state, and lets go of it when it leaves."""

from __future__ import annotations

import ipywidgets as widgets
import pytest
import traitlets

from voxshelf.widgets.drafts import Panel


class State(traitlets.HasTraits):
    text = traitlets.Unicode("")


@pytest.fixture
def state() -> State:
    return State()


def test_it_follows_until_it_is_closed(state: State) -> None:
    seen: list[str] = []
    panel = Panel()
    panel.follow(state, "text", lambda: seen.append(state.text))
    state.text = "one"
    panel.close()
    state.text = "two"
    assert seen == ["one"]


def test_a_control_is_tied_to_a_trait_until_it_is_closed(state: State) -> None:
    control = widgets.Text()
    panel = Panel([control])
    panel.tie(state, "text", control)
    control.value = "typed"
    assert state.text == "typed"
    panel.close()
    state.text = "later"
    assert control.value == "typed"


def test_closing_closes_everything_in_it() -> None:
    button = widgets.Button()
    inner = Panel([widgets.HBox([button])])
    Panel([inner]).close()
    assert button.comm is None
    assert inner.comm is None
