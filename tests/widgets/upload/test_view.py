from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import ipywidgets as widgets
import pytest

from voxshelf.model import DatasetStatus
from voxshelf.store import Capabilities, Capability
from voxshelf.widgets import DatasetTable, ImportForm, SamplePicker, UploadPanel
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


def test_samples_are_offered_on_the_same_page_and_put_away_again(panel: Any, store: Any, parts: Any) -> None:
    store.samples = SimpleNamespace(available=lambda: ())
    (button,) = [one for one in parts(panel, widgets.Button) if "sample" in one.description]
    button.click()
    assert below(panel) == [SamplePicker]
    button.click()
    assert below(panel) == []


def field(panel: UploadPanel, parts: Any) -> Any:
    (combobox,) = parts(panel, widgets.Combobox)
    return combobox


def test_a_single_organization_is_not_asked_for(panel: Any, parts: Any) -> None:
    assert field(panel, parts).layout.display == "none"
    assert panel.state.organization == "lab"


def test_of_several_organizations_one_is_chosen(store: Any, state: Any, parts: Any, choose: Any) -> None:
    store.organizations = lambda: ("clinic", "lab")
    panel = UploadPanel(store, state=state)
    assert field(panel, parts).layout.display is None
    field(panel, parts).value = "lab"
    assert choose().key == "lab/fresh"


def test_the_python_lines_follow_the_last_file(panel: Any, choose: Any) -> None:
    choose("one.zip")
    choose("two.zip")
    assert '"two"' in panel._python.code


def test_a_store_that_takes_no_uploads_says_so_instead(store: Any, state: Any) -> None:
    store.capabilities = Capabilities({Capability.UPLOAD: "Only the owner may upload."})
    assert UploadPanel(store, state=state).sender.refusal == "Only the owner may upload."


def test_where_a_folder_goes_that_needs_no_upload_is_said(panel: Any, store: Any, parts: Any) -> None:
    said = " ".join(html.value for html in parts(panel, widgets.HTML))
    assert f"{store.root}/" in said
    panel.close()
