"""The Python beside the form imports the same as its button."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import voxshelf as vx
from voxshelf.widgets.import_form import ImportForm, ImportFormState
from voxshelf.widgets.import_form.code import import_code
from voxshelf.widgets.theme import PythonLine

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def form(store: Any, at_once: Any) -> ImportFormState:
    return ImportFormState(store, "lab/new", aside=at_once)


def does_the_same(form: ImportFormState, other: Any) -> str:
    code = import_code(form)
    exec(code, {"store": other, "vx": vx})
    form.import_now()
    assert other.imported == form.store.imported  # type: ignore[attr-defined]
    return code


def test_values_that_a_person_gave_are_in_it(form: ImportFormState, make_store: Callable[[], Any]) -> None:
    form.voxel_size.text = "11.24, 11.24, 28"
    form.layer("segmentation").largest_segment_id.text = "77"
    form.layer("color").bounding_box.text = "1, 2, 3, 4, 5, 6"
    code = does_the_same(form, make_store())
    assert "vx.VoxelSize((11.24, 11.24, 28))" in code
    assert "document" not in code


def test_another_unit_is_named(form: ImportFormState, make_store: Callable[[], Any]) -> None:
    form.voxel_size.text = "0.5, 0.5, 1 micrometer"
    assert 'vx.VoxelSize((0.5, 0.5, 1), "micrometer")' in does_the_same(form, make_store())


def test_a_layer_left_out_is_left_out(form: ImportFormState, make_store: Callable[[], Any]) -> None:
    form.voxel_size.text = "1, 1, 1"
    form.layer("color").included = False
    does_the_same(form, make_store())


def test_what_only_the_json_can_say_is_a_document(
    form: ImportFormState, make_store: Callable[[], Any]
) -> None:
    form.show_advanced()
    document = json.loads(form.json_text)
    document.update(scale=[1, 2, 3], homepage="https://example.org")
    form.json_text = json.dumps(document)
    form.show_simple()
    assert "https://example.org" in does_the_same(form, make_store())


def test_where_nothing_was_changed_it_is_one_call(store: Any, at_once: Any, proposal: Any) -> None:
    store.proposals["lab/new"] = proposal("lab/new", voxel_size=vx.VoxelSize((1, 1, 1)))
    form = ImportFormState(store, "lab/new", aside=at_once)
    assert import_code(form) == 'store.import_dataset("lab/new")'


def test_it_is_shown_once_the_form_can_be_imported(
    store: Any, form: ImportFormState, parts: Callable[..., list[Any]]
) -> None:
    view = ImportForm(store, "lab/new", state=form)
    (line,) = parts(view, PythonLine)
    assert line.code == ""
    form.voxel_size.text = "1, 1, 1"
    assert "store.import_dataset(" in line.code
    view.close()
