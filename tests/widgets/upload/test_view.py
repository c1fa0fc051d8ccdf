from __future__ import annotations

from typing import Any

import ipywidgets as widgets
import pytest

from voxshelf.model import DatasetStatus
from voxshelf.widgets import DatasetTable, ImportForm, UploadPanel
from voxshelf.widgets.upload import Action


@pytest.fixture
def panel(store: Any, state: Any) -> UploadPanel:
    return UploadPanel(store, state=state)


def below(panel: UploadPanel) -> list[type]:
    return [type(child) for child in panel._below.children]


def test_what_arrived_is_named_by_a_trait(panel: Any, choose: Any, send: Any) -> None:
    seen: list[Any] = []
    panel.observe(lambda change: seen.append(change["new"]), "uploaded")
    choose()
    send()
    assert seen[-1] == "lab/fresh"


def test_the_import_form_opens_for_what_comes_without_json(
    panel: Any, store: Any, choose: Any, send: Any
) -> None:
    store.uploads.status = DatasetStatus.NOT_IMPORTED
    choose()
    send()
    assert below(panel) == [ImportForm]
    panel.close()


def test_a_form_that_is_being_filled_in_is_not_replaced(
    panel: Any, store: Any, choose: Any, send: Any
) -> None:
    store.uploads.status = DatasetStatus.NOT_IMPORTED
    choose("one.zip")
    send()
    first = panel._below.children
    choose("two.zip")
    send()
    assert panel._below.children == first
    panel.close()


def test_its_row_offers_the_import(panel: Any, store: Any, state: Any, choose: Any, send: Any) -> None:
    store.uploads.status = DatasetStatus.NOT_IMPORTED
    for name in ("one.zip", "two.zip"):
        choose(name)
        send()
    panel._act(Action.IMPORT, state.items[1].id)
    assert panel._below.children[0].state.key == "lab/two"
    panel.close()


def test_a_ready_one_is_shown_in_the_table(panel: Any, state: Any, choose: Any, send: Any) -> None:
    choose()
    send()
    panel._act(Action.OPEN, state.items[0].id)
    assert below(panel) == [DatasetTable]
    assert panel._below.children[0].selected == "lab/fresh"
    panel.close()


def test_a_page_around_it_may_open_both_itself(store: Any, state: Any, choose: Any, send: Any) -> None:
    opened: list[Any] = []
    panel = UploadPanel(store, state=state, on_open=opened.append, on_import=opened.append)
    choose()
    send()
    panel._act(Action.OPEN, state.items[0].id)
    assert (opened, below(panel)) == (["lab/fresh"], [])


def combobox(panel: UploadPanel, parts: Any) -> Any:
    (bar,) = [
        bar
        for bar in parts(panel, widgets.HBox)
        if any(isinstance(c, widgets.Combobox) for c in bar.children)
    ]
    return bar


def test_a_single_organization_is_not_asked_for(panel: Any, parts: Any) -> None:
    assert combobox(panel, parts).layout.display == "none"
    assert panel.state.organization == "lab"


def test_of_several_organizations_one_is_chosen(store: Any, state: Any, parts: Any, choose: Any) -> None:
    store.organizations = lambda: ("clinic", "lab")
    panel = UploadPanel(store, state=state)
    bar = combobox(panel, parts)
    assert bar.layout.display is None
    bar.children[0].value = "lab"
    assert choose().key == "lab/fresh"


def test_the_python_lines_follow_the_last_file(panel: Any, choose: Any) -> None:
    choose("one.zip")
    choose("two.zip")
    assert '"two"' in panel._python.code


def test_a_store_that_may_not_be_written_says_so_instead(store: Any, state: Any, no_import: Any) -> None:
    store.capabilities = no_import
    assert UploadPanel(store, state=state).sender.refusal == "Only the owner may import."
