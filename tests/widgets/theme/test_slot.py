from __future__ import annotations

import ipywidgets as widgets
import pytest

from voxshelf.widgets.theme import Slot


@pytest.fixture
def slot() -> Slot:
    return Slot()


def test_the_widget_before_is_closed(slot: Slot) -> None:
    first, second = widgets.HTML(), widgets.HTML()
    slot.put(first, "a")
    slot.put(second, "b")
    assert (slot.children, slot.key) == ((second,), "b")
    assert first.comm is None


def test_it_can_be_emptied(slot: Slot) -> None:
    slot.put(widgets.HTML(), "a")
    slot.put(None)
    assert (slot.children, slot.key) == ((), "")
