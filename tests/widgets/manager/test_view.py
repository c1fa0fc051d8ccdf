"""The manager's widgets: table and details belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.widgets.import_form import ImportForm
from voxshelf.widgets.manager import Manager, ManagerState
from voxshelf.widgets.slice_viewer import SliceViewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def manager(store: Any, at_once: Any) -> Iterator[Manager]:
    manager = Manager(store, state=ManagerState(store, aside=at_once), aside=at_once)
    yield manager
    manager.close()


@pytest.fixture
def shown(manager: Manager, parts: Callable[..., list[Any]]) -> Callable[[], str]:
    return lambda: " ".join(html.value for html in parts(manager, widgets.HTML))


def test_at_first_it_asks_to_choose(manager: Manager, shown: Callable[[], str]) -> None:
    assert "Choose a dataset" in shown()


def test_a_ready_dataset_gets_its_viewer_and_facts(manager: Manager, shown: Callable[[], str]) -> None:
    manager.selected = "lab/brain"
    assert isinstance(manager.viewer, SliceViewer)
    assert "11.24 × 11.24 × 28 nm" in shown()


def test_a_dataset_that_is_not_imported_gets_the_form(manager: Manager) -> None:
    manager.selected = "lab/new"
    assert isinstance(manager.form, ImportForm)
    assert manager.viewer is None


def test_a_broken_one_gets_its_reason(manager: Manager, shown: Callable[[], str]) -> None:
    manager.selected = "lab/torn"
    assert "The JSON ends in the middle." in shown()
    assert "press Refresh" in shown()


def test_a_dataset_that_cannot_be_opened_says_why(
    manager: Manager, store: Any, unavailable: Exception, shown: Callable[[], str]
) -> None:
    store.opening_fails = unavailable
    manager.selected = "lab/brain"
    assert "The folder /data cannot be reached." in shown()


def test_an_import_ends_in_the_viewer_and_says_so(manager: Manager, shown: Callable[[], str]) -> None:
    manager.selected = "lab/new"
    form = manager.form
    assert form is not None
    form.state.wait()
    form.state.voxel_size.text = "1, 1, 1"
    form.state.import_now()
    form.state.wait()
    assert isinstance(manager.viewer, SliceViewer)
    assert "has been imported" in shown()
