"""The form's widgets follow the state, and the state follows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pytest

from voxshelf.model import Confidence, Finding, Origin, Problem, Proposal, VoxelSize
from voxshelf.widgets.data_fields import VOXEL_SIZE, Field, VoxelSizeControl
from voxshelf.widgets.import_form import ImportForm, ImportFormState
from voxshelf.widgets.import_form.rows import FieldRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture
def form(store: Any, at_once: Any) -> Iterator[ImportForm]:
    form = ImportForm(store, "lab/new", state=ImportFormState(store, "lab/new", aside=at_once))
    yield form
    form.close()


@pytest.fixture
def shown(form: ImportForm, parts: Callable[..., list[Any]]) -> Callable[[], str]:
    return lambda: " ".join(html.value for html in parts(form, widgets.HTML))


@pytest.fixture
def edges(form: ImportForm, parts: Callable[..., list[Any]]) -> list[widgets.Text]:
    return parts(parts(form, VoxelSizeControl)[0], widgets.Text)


def test_what_needs_the_person_stands_first(form: ImportForm, parts: Callable[..., list[Any]]) -> None:
    on_top = parts(form._needs_you, widgets.HTML)
    assert "Needs you" in on_top[0].value
    assert any("Voxel size" in html.value for html in on_top)
    assert any("Largest segment id" in html.value for html in on_top)


def test_a_value_that_nothing_waits_for_is_called_optional(
    form: ImportForm, parts: Callable[..., list[Any]]
) -> None:
    on_top = " ".join(html.value for html in parts(form._needs_you, widgets.HTML))
    assert on_top.count("needs you") == 1
    assert ">optional</span>" in on_top
    assert "Left empty, the dataset can be looked at and shared all the same" in on_top


def test_where_only_optional_values_are_left_nothing_asks_for_the_person(
    store: Any, at_once: Any, proposal: Any, parts: Callable[..., list[Any]]
) -> None:
    store.proposals["lab/new"] = proposal("lab/new", voxel_size=VoxelSize((1, 1, 2)))
    form = ImportForm(store, "lab/new", state=ImportFormState(store, "lab/new", aside=at_once))
    assert parts(form._needs_you, widgets.HTML)[0].value == "<h4>Optional</h4>"
    assert "vx-needs-you" not in form._needs_you._dom_classes


def test_what_the_numbers_of_the_box_are_stands_below_it(form: ImportForm, shown: Callable[[], str]) -> None:
    assert shown().count("x, y, z of the first voxel, then width, height, depth") == 2


def test_all_layers_that_are_imported_are_tightened_at_once(
    form: ImportForm, parts: Callable[..., list[Any]]
) -> None:
    for name in ("color", "segmentation"):
        form.state.layer(name).bounding_box.text = "0,0,0,64,48,8"
    form.state.layer("segmentation").included = False
    (button,) = (each for each in parts(form, widgets.Button) if each.description == "Tighten all")
    button.click()
    color, segmentation = form.state.layers
    assert color.bounding_box.note == "Every voxel outside of it is 0."
    assert segmentation.bounding_box.origin is Origin.PERSON


def test_import_waits_for_the_voxel_size(form: ImportForm, edges: list[widgets.Text], front_end: Any) -> None:
    assert form._import.disabled
    for edge, text in zip(edges, ("11,24", "11.24", "28"), strict=True):
        front_end(edge).state(value=text)
    assert form.state.voxel_size.text == "11.24, 11.24, 28 nanometer"
    assert not form._import.disabled
    form._import.click()
    assert form.imported == "lab/new"


def test_an_error_stands_at_its_field(form: ImportForm, shown: Callable[[], str]) -> None:
    form.state.layer("color").bounding_box.text = "<b>1</b>"
    assert "is not a bounding box" in shown()
    assert "&lt;b&gt;1&lt;/b&gt;" in shown()
    assert "<b>1</b>" not in shown()


def test_a_value_set_by_a_program_appears_in_the_three_fields(
    form: ImportForm, edges: list[widgets.Text]
) -> None:
    form.state.voxel_size.text = "1, 2, 3 micrometer"
    assert [edge.value for edge in edges] == ["1", "2", "3"]
    assert form.state.voxel_size.text == "1, 2, 3 micrometer"


def test_advanced_shows_the_json_and_simple_takes_it_over(form: ImportForm, front_end: Any) -> None:
    front_end(form._mode).state(index=1)
    assert form.state.advanced
    assert '"scale": null' in form._json.value
    front_end(form._json).state(value=form._json.value.replace('"scale": null', '"scale": [1, 1, 2]'))
    front_end(form._mode).state(index=0)
    assert str(form.state.voxel_size.value) == "1 × 1 × 2 nm"


def test_while_the_json_is_broken_one_cannot_switch(
    form: ImportForm, front_end: Any, shown: Callable[[], str]
) -> None:
    front_end(form._mode).state(index=1)
    front_end(form._json).state(value="{")
    assert form._mode.disabled
    assert "this is not JSON" in shown()


def test_the_problems_of_the_folder_are_listed(
    store: Any, at_once: Any, proposal: Any, parts: Callable[..., list[Any]]
) -> None:
    problem = Problem(message="The folder <x> is empty.", hint="Remove it.")
    store.proposals["lab/new"] = proposal("lab/new").model_copy(update={"problems": (problem,)})
    form = ImportForm(store, "lab/new", state=ImportFormState(store, "lab/new", aside=at_once))
    text = " ".join(html.value for html in parts(form, widgets.HTML))
    assert "The folder &lt;x&gt; is empty." in text
    assert "Remove it." in text


def test_the_problems_of_a_folder_without_layers_are_listed_however_late_they_come(
    store: Any, at_once: Any, parts: Callable[..., list[Any]]
) -> None:
    store.proposals["lab/new"] = Proposal(name="lab/new", findings=())
    form = ImportForm(store, "lab/new", state=ImportFormState(store, "lab/new", aside=at_once))
    problem = Problem(message="No layer was found.")
    store.proposals["lab/new"] = Proposal(name="lab/new", findings=(), problems=(problem,))
    form.state.look()
    assert "No layer was found." in " ".join(html.value for html in parts(form, widgets.HTML))


def test_a_store_that_cannot_import_says_why(
    store: Any, at_once: Any, no_import: Any, parts: Callable[..., list[Any]]
) -> None:
    store.capabilities = no_import
    form = ImportForm(store, "lab/new", state=ImportFormState(store, "lab/new", aside=at_once))
    form.state.voxel_size.text = "1, 1, 1"
    assert form._import.disabled
    assert "Only the owner may import." in " ".join(html.value for html in parts(form, widgets.HTML))


def test_a_colour_layer_shows_no_segment_id(form: ImportForm) -> None:
    color, segmentation = form._layer_views
    assert color._rows["largest_segment_id"].layout.display == "none"
    assert segmentation._rows["largest_segment_id"].layout.display is None
    form.state.layer("segmentation").category.text = "color"
    assert segmentation._rows["largest_segment_id"].layout.display == "none"


@pytest.fixture
def below(form: ImportForm) -> Callable[[], str]:
    """The line below the voxel size."""
    return lambda: str(form._voxel_size_row._below.value)


def test_the_line_below_a_field_keeps_its_room_when_it_says_less() -> None:
    asked = "The voxel size is nowhere in these files: who made the recording knows it."
    place = ("voxel_size",)
    needed = Finding(
        place=place, value=None, origin=Origin.NEEDS_YOU, confidence=Confidence.UNKNOWN, note=asked
    )
    field = Field(place, VOXEL_SIZE, needed)
    row = FieldRow(field, VoxelSizeControl(field))
    assert row._below.value.count(asked) == 1
    for text in ("11, , nanometer", "11, 11, 28 nanometer"):
        field.text = text
        assert f'<span class="vx-hint" aria-hidden="true">{asked}</span></div>' in row._below.value
    field.text = ""
    assert row._below.value.count(asked) == 1
    assert "aria-hidden" not in row._below.value


def test_an_unlikely_voxel_size_is_doubted_at_its_field_and_can_be_imported(
    form: ImportForm, below: Callable[[], str]
) -> None:
    form.state.voxel_size.text = "4, 4, 35000 nanometer"
    assert "z is 8,750 times x. Is that right?" in below()
    assert "vx-wrong" not in form._voxel_size_row._dom_classes
    assert form.state.data_source().voxel_size == VoxelSize((4, 4, 35_000))
    form.state.voxel_size.text = "4, 4, 35 nanometer"
    assert "Is that right?" not in below()


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        (("abc", "4", "35"), "x"),
        (("4", "", "0"), "yz"),
        (("4", "4", "35"), ""),
    ],
)
def test_only_the_wrong_edge_of_a_voxel_size_is_shown_as_wrong(
    form: ImportForm, edges: list[widgets.Text], front_end: Any, typed: tuple[str, ...], wrong: str
) -> None:
    for edge, text in zip(edges, typed, strict=True):
        front_end(edge).state(value=text)
    marked = [axis for axis, edge in zip("xyz", edges, strict=True) if "vx-wrong-part" in edge._dom_classes]
    assert "".join(marked) == wrong
    row = form._voxel_size_row
    control = next(part for part in row.children[0].children if isinstance(part, VoxelSizeControl))
    assert ("vx-wrong" in row._dom_classes, "vx-parted" in control._dom_classes) == (bool(wrong), bool(wrong))
