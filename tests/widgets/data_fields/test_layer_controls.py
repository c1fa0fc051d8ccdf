"""A text with the button that finds its value: progress in the button's place, and what cannot be used now."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.widgets.data_fields import LayerControls, SearchControl
from voxshelf.widgets.import_form import ImportFormState

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def box(store: Any, at_once: Any) -> SearchControl:
    form = ImportFormState(store, "lab/new", aside=at_once)
    layer = form.layer("color")
    return LayerControls(layer, layer.by_noun, form).bounding_box


def test_while_it_searches_cancel_stands_in_place_of_the_button(box: SearchControl) -> None:
    text, button, progress = box.children
    box.search.progress = 0.0
    assert (button.layout.display, progress.layout.display) == ("none", "flex")
    box.search.progress = None
    assert (button.layout.display, progress.layout.display) == (None, "none")
    assert not text.disabled


def test_a_locked_button_says_why_and_is_not_pressed_with_the_others(
    box: SearchControl, parts: Callable[..., list[Any]]
) -> None:
    box.lock(text=False, search=True, why="Save first.")
    (button,) = (each for each in parts(box, widgets.Button) if each.description == "Tighten")
    assert (button.disabled, button.tooltip) == (True, "Save first.")
    started: list[Any] = []
    box.search.observe(started.append, "progress")
    box.start()
    assert started == []
    box.lock(text=False, search=False)
    box.start()
    assert started
    assert button.tooltip.startswith("Read the layer")
