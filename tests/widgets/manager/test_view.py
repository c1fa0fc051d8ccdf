"""The manager's widgets: table and details belong together."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest
from ipywidgets.widgets.widget import _instances

from voxshelf.model import DatasetStatus, Problem
from voxshelf.store import LocalDatasetStore
from voxshelf.testing.folders import write_dataset
from voxshelf.widgets.import_form import ImportForm
from voxshelf.widgets.manager import Manager, ManagerState, Section
from voxshelf.widgets.manager.details import opening_line
from voxshelf.widgets.manager.facts import facts_markup, reason_markup
from voxshelf.widgets.manager.state import Mode
from voxshelf.widgets.slice_viewer import SliceViewer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


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
    assert '<div class="vx-term">Layer color</div><div>uint8; mags 1' in shown()


def test_a_layer_that_is_not_named_after_its_category_says_its_category(record: Callable[..., Any]) -> None:
    (color,) = record("lab/brain").layers
    markup = facts_markup(record("lab/brain", layers=(color.model_copy(update={"name": "em"}),)))
    assert '<div class="vx-term">Layer em</div><div>color – uint8; mags 1' in markup


def test_a_layer_added_elsewhere_is_taken_over_by_the_viewer_that_is_there(
    manager: Manager, store: Any, record: Callable[..., Any]
) -> None:
    manager.selected = "lab/brain"
    viewer = manager.viewer
    assert viewer is not None
    viewer.position = (3, 4, 5)
    (color,) = store.record("lab/brain").layers
    more = store["lab/brain"].layers["color"]
    store.extra_layers = {"more": more}
    store.put(record("lab/brain", layers=(color, color.model_copy(update={"name": "more"})), version=2))
    assert manager.viewer is viewer
    assert (list(viewer.layers), viewer.position) == (["color", "more"], (3, 4, 5))


def test_what_opens_a_dataset_in_python_needs_no_name_for_the_store(tmp_path: Path) -> None:
    with LocalDatasetStore(tmp_path) as store:
        line = opening_line(store, "lab/brain")
    assert line == f'vx.open_store("{tmp_path}")["lab/brain"]'


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


@pytest.fixture
def press(manager: Manager, parts: Callable[..., list[Any]]) -> Callable[[str], None]:
    def hidden(widget: widgets.Widget) -> list[widgets.Widget]:
        return [
            each
            for box in parts(widget, widgets.Widget)
            if box.layout.display == "none"
            for each in parts(box, widgets.Button)
        ]

    def click(text: str) -> None:
        out_of_sight = hidden(manager)
        shown = [b for b in parts(manager, widgets.Button) if b.description == text]
        next(b for b in reversed(shown) if b not in out_of_sight).click()

    return click


@pytest.fixture
def own(manager: Manager, store: Any, record: Any) -> Manager:
    """A manager whose chosen dataset one may do everything with."""
    store.put(record("lab/brain", rights=("see", "read", "edit", "share", "delete"), version=2))
    manager.selected = "lab/brain"
    return manager


def test_deleting_asks_and_then_moves_to_the_trash(
    own: Manager, store: Any, press: Callable[[str], None]
) -> None:
    press("Delete …")
    assert "lab/brain" in store.records
    press("Move to the trash")
    assert "lab/brain" not in store.records
    assert own.selected is None


def test_a_late_press_deletes_what_was_asked_about_or_nothing(
    own: Manager, store: Any, parts: Callable[..., list[Any]], press: Callable[[str], None]
) -> None:
    press("Delete …")
    sure = [b for b in parts(own, widgets.Button) if b.description == "Move to the trash"]
    own.selected = "lab/retina"  # while the press is on its way
    for button in sure:
        button.click()
    assert {"lab/brain", "lab/retina"} <= store.records.keys()


def test_nothing_is_left_of_a_closed_manager(tmp_path: Path, at_once: Any) -> None:
    write_dataset(tmp_path, "lab/brain", layers={"color": "uint8", "segmentation": "uint32"})
    with LocalDatasetStore(tmp_path, user="me") as store:
        store.refresh()
        before = set(_instances)
        manager = Manager(store, state=ManagerState(store, aside=at_once), aside=at_once)
        for section in Section:
            manager.state.section = section
        manager.state.open("lab/brain")
        for mode in (Mode.EDIT, Mode.SHARE, Mode.VIEW):
            manager.state.mode = mode
        gone = [weakref.ref(each) for each in (manager, manager.table, manager.viewer)]
        manager.close()
        # Layouts and the like stay: ipywidgets closes none of them with the widget that has them.
        left = [each for name, each in _instances.items() if name not in before]
        assert [each for each in left if isinstance(each, widgets.DOMWidget)] == []
        del manager, left
        deadline, waiting = time.monotonic() + 30, threading.Event()
        while any(each() is not None for each in gone):  # a picture that is being drawn is drawn to its end
            assert time.monotonic() < deadline
            gc.collect()
            waiting.wait(0.05)


def test_a_page_that_was_on_its_way_is_not_made_any_more(store: Any, at_once: Any) -> None:
    class Later:
        """Keeps calls until they are made."""

        def __init__(self) -> None:
            self.calls: list[Callable[[], None]] = []

        def run(self, _slot: str, call: Callable[[], None], *, delay: float = 0.0) -> None:
            self.calls.append(call)

    later: Any = Later()
    manager = Manager(store, state=ManagerState(store, aside=at_once), aside=later)
    manager.selected = "lab/brain"
    manager.close()
    for call in later.calls:
        call()
    assert manager.viewer is None


def test_the_editor_opens_beside_the_viewer_and_gives_it_back(
    own: Manager, press: Callable[[str], None]
) -> None:
    viewer = own.viewer
    press("Edit")
    assert own.edit.key == "lab/brain"
    assert own.edit.viewer is viewer
    press("View")
    assert own.viewer is viewer
    assert viewer is not None
    assert viewer.layout.display is None


def test_share_opens_the_tab_about_sharing(own: Manager, press: Callable[[str], None]) -> None:
    press("Share")
    assert own.edit.state.tab == 3


def test_sections_are_made_when_they_are_wanted_and_one_is_shown(
    manager: Manager, store: Any, press: Callable[[str], None], shown: Callable[[], str]
) -> None:
    store.delete("lab/retina")
    assert "lab/retina" not in shown()
    press("Trash")
    assert "lab/retina" in shown()
    assert [panel.layout.display for panel in manager._body.children] == ["none", None]
    press("Datasets")
    assert [panel.layout.display for panel in manager._body.children] == [None, "none"]


def test_what_is_restored_is_shown(manager: Manager, store: Any, press: Callable[[str], None]) -> None:
    store.delete("lab/retina")
    press("Trash")
    press("Restore")
    manager._panels[Section.TRASH].state.wait()
    assert manager.selected == "lab/retina"
    assert manager.state.section is Section.DATASETS


def test_an_import_asked_for_in_a_row_opens_the_form(manager: Manager) -> None:
    manager.table._on_import("lab/new")
    assert manager.form is not None


def test_viewer_and_editor_stay_in_their_places_when_one_goes_back(own: Manager) -> None:
    places = []
    for mode in (Mode.EDIT, Mode.VIEW):
        own.state.mode = mode
        places.append(own._details._page.children)
    assert len(places[0]) == 2
    assert places[1] == places[0]
    assert [page.layout.display for page in places[-1]] == [None, "none"]


def test_a_page_that_was_asked_for_comes_into_view(manager: Manager) -> None:
    details = manager._details._in_view
    assert details.asked == 0
    manager.selected = "lab/brain"
    assert details.asked == 1
    manager.state.section = Section.TRASH
    assert details.asked == 1
    manager.state.open("lab/brain")  # the same one again, from another section
    assert details.asked == 2


def test_the_way_back_leads_to_the_top_of_the_manager(
    manager: Manager, parts: Callable[..., list[Any]]
) -> None:
    manager.selected = "lab/brain"
    (back,) = (each for each in parts(manager, widgets.Button) if each.tooltip == "Back to the table")
    back.click()
    assert manager._in_view.asked == 1


def test_beside_an_import_form_deleting_stands_at_the_end(
    manager: Manager, store: Any, record: Any, parts: Callable[..., list[Any]]
) -> None:
    for key, status in (("lab/new", DatasetStatus.NOT_IMPORTED), ("lab/brain", DatasetStatus.READY)):
        store.put(record(key, status=status, rights=("see", "read", "delete"), version=2))
    details = manager._details
    at_top, at_end = details._head.deleting.button, details._deleting.button
    manager.selected = "lab/new"
    assert (at_top.layout.display, at_end.layout.display) == ("none", None)
    manager.selected = "lab/brain"
    assert (at_top.layout.display, at_end.layout.display) == (None, "none")


def test_a_reason_is_said_once(record: Any) -> None:
    problem = Problem(message="The link leads nowhere.", hint="Mount its target.")
    status = "The link leads nowhere. Mount its target."
    torn = record(
        "lab/torn", status=DatasetStatus.BROKEN, status_message=status, problems=(problem,), version=2
    )
    assert reason_markup(torn).count("The link leads nowhere.") == 1
    several = torn.model_copy(update={"problems": (problem, Problem(message="And another."))})
    assert reason_markup(several).startswith(f"<p>{status}</p>")
