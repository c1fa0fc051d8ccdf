"""Editing a dataset in JupyterLab: what a person changes is stored, and nobody's work is lost."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.intake.samples import make_tissue_sample
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

KEY = "lab/cells"
SETUP = """
import voxshelf as vx
store = vx.open_store({root!r})
store.refresh()
people = store.people
people.add_team("imaging", organization="lab")
people.add_user("ada", title="Ada", email="ada@lab.org", is_admin=True, organization="lab")
people.add_user("mia", teams=["imaging"], organization="lab")
"""
SHOW = "edit = vx.EditTabs(store, 'lab/cells')\nedit"
SOMEBODY_ELSE = """
import subprocess, sys
code = '''from voxshelf.store import LocalDatasetStore
store = LocalDatasetStore({root!r}, user="ada")
{line}'''
subprocess.run([sys.executable, "-c", code], check=True)
"""
THEMES = ["JupyterLab Light", "JupyterLab Dark"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path, KEY, layers={"color": "uint8", "segmentation": "uint32"})
    write_dataset(tmp_path, "lab/plain")
    return tmp_path


@pytest.fixture
def tabs(notebook: Any, root: Path) -> Page:
    page: Page = notebook(SETUP.format(root=str(root)), SHOW, ready=".vx-voxel-x input")
    page.set_viewport_size({"width": 1280, "height": 1200})
    return page


@pytest.fixture
def theme(page: Page) -> Iterator[Callable[[str], None]]:
    """Changes JupyterLab's theme; afterwards it is light again."""

    def change(name: str) -> None:
        page.evaluate(
            f"() => window.jupyterapp.commands.execute('apputils:change-theme', {{theme: '{name}'}})"
        )

    yield change
    change(THEMES[0])


@pytest.fixture
def somebody_else(py: Callable[[str], str], root: Path) -> Callable[[str], None]:
    """Runs a line of Python in another process, as Ada."""

    def run(line: str) -> None:
        assert py(SOMEBODY_ELSE.format(root=str(root), line=line)) == ""

    return run


def open_tab(page: Page, title: str) -> None:
    page.locator(f".vx-edit-tabs .lm-TabBar-tab:has-text('{title}')").click()


def field(page: Page, label: str) -> Any:
    """The control beside a label, on the tab that is shown."""
    row = page.locator(f".vx-field:visible:has(.vx-label:has-text('{label}'))")
    return row.first.locator("input, textarea, select").first


def save(page: Page) -> None:
    page.locator(".vx-save-bar:visible button:has-text('Save')").click()
    page.wait_for_selector(".vx-save-bar:visible .vx-message:has-text('Saved.')")


def document(root: Path) -> dict[str, Any]:
    text = (root / KEY / "datasource-properties.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def test_a_wrong_voxel_size_is_corrected_and_the_python_for_it_shown(
    tabs: Page, root: Path, photograph: Callable[..., Path]
) -> None:
    tabs.locator(".vx-voxel-z input").fill("0")
    tabs.wait_for_selector("text=z is not greater than 0.")
    assert tabs.locator(".vx-save-bar:visible button:has-text('Save')").is_disabled()
    tabs.locator(".vx-voxel-z input").fill("30")
    tabs.wait_for_selector(".vx-unsaved:has-text('Unsaved: Voxel size.')")
    tabs.wait_for_selector(".lm-TabBar-tab:has-text('Data ●')")
    save(tabs)
    assert document(root)["scale"] == [11.24, 11.24, 30]
    tabs.wait_for_selector(".vx-python:visible code:has-text('.with_voxel_size((11.24, 11.24, 30.0))')")
    photograph("edit-data", ".vx-edit-tabs")


def test_the_json_marks_its_mistakes_by_line_and_is_stored_when_it_is_mended(
    tabs: Page, root: Path, photograph: Callable[..., Path]
) -> None:
    tabs.get_by_role("button", name="Advanced").click()
    editor = tabs.locator(".vx-json:visible textarea")
    good = editor.input_value()
    line = good.splitlines().index('        "width": 32,') + 1
    editor.fill(good.replace('"width": 32', '"width": "wide"', 1))
    tabs.wait_for_selector(f".vx-problems:visible li:has-text('Line {line}')")
    tabs.wait_for_selector(f".vx-json-lines .vx-line-bad:text-is('{line}')")
    assert tabs.get_by_role("button", name="Simple").is_disabled()
    photograph("edit-json", ".vx-edit-tabs")
    editor.fill(good.replace('"width": 32', '"width": 16', 1))
    tabs.wait_for_selector("button:has-text('Simple'):not([disabled])")
    save(tabs)
    assert document(root)["dataLayers"][0]["boundingBox"]["width"] == 16
    tabs.get_by_role("button", name="Simple").click()
    tabs.wait_for_function(
        "() => [...document.querySelectorAll('input')].some(input => input.value === '0, 0, 0, 16, 32, 32')"
    )


def test_a_layer_is_renamed_and_another_one_removed(tabs: Page, root: Path, py: Callable[[str], str]) -> None:
    field(tabs, "Name").fill("em")
    tabs.locator("button:has-text('Remove'):visible").nth(1).click()
    tabs.wait_for_selector(".vx-unsaved:has-text('color › Name (em)')")
    save(tabs)
    assert [layer["name"] for layer in document(root)["dataLayers"]] == ["em"]
    assert py("print(store['lab/cells']['em'][3, 0, 0])") == "3"


def test_compute_finds_the_largest_segment_id(tabs: Page) -> None:
    field(tabs, "Largest segment id").fill("1")
    tabs.locator("button:has-text('Compute'):visible").click()
    tabs.wait_for_function(
        "() => [...document.querySelectorAll('input')].some(input => input.value === '250')"
    )


def test_what_people_write_is_previewed_and_stored(
    tabs: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    open_tab(tabs, "General")
    field(tabs, "Display name").fill("Mouse cortex, layer 4")
    text = "# Mouse cortex\n\nSBEM of **layer 4**, see [the paper](https://doi.org/10.1038/nature12346).\n\n"
    field(tabs, "Description").fill(f"{text}- stained with osmium\n- <script>alert(1)</script>")
    tabs.wait_for_selector(".vx-markdown strong:text-is('layer 4')")
    assert tabs.locator(".vx-markdown script").count() == 0
    field(tabs, "Tags").fill("em, mouse")
    tabs.locator(".vx-metadata button:has-text('Add')").click()
    tabs.locator(".vx-metadata input[placeholder='name']").fill("age in days")
    tabs.locator(".vx-metadata select").select_option("number")
    tabs.locator(".vx-metadata input[placeholder='value']").fill("young")
    tabs.wait_for_selector("text='young' is not a number.")
    tabs.locator(".vx-metadata input[placeholder='value']").fill("28")
    field(tabs, "Folder").fill("Datasets/2026")
    tabs.wait_for_selector("text=There is no such folder yet: it is made when you save.")
    save(tabs)
    photograph("edit-general", ".vx-edit-tabs")
    shown = py(
        "record = store.record('lab/cells')\n"
        "print(record.title, '|', *record.tags, '|', record.folder, '|', record.metadata[0].value)"
    )
    assert shown == "Mouse cortex, layer 4 | em mouse | Datasets/2026 | 28"


def test_a_value_of_the_view_says_where_it_comes_from_and_is_reset(
    tabs: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    open_tab(tabs, "View configuration")
    field(tabs, "Segmentation pattern opacity").fill("400")
    tabs.wait_for_selector("text=segmentationPatternOpacity must be a number from 0 to 100, but is 400.")
    field(tabs, "Segmentation pattern opacity").fill("70")
    row = tabs.locator(".vx-field:has(.vx-label:has-text('Segmentation pattern opacity'))")
    row.locator(".vx-chip:has-text('Edit View')").wait_for()
    row.locator("text=Overrides the built-in 40.").wait_for()
    save(tabs)
    assert py("print(store.view_levels('lab/cells').dataset)") == "{'segmentationPatternOpacity': 70}"
    photograph("edit-view", ".vx-edit-tabs")
    row.locator("button:has-text('Reset')").click()
    row.locator(".vx-chip:has-text('built-in')").wait_for()
    save(tabs)
    assert py("print(store.view_levels('lab/cells').dataset)") == "{}"


def test_the_layers_are_edited_as_json_too(tabs: Page, py: Callable[[str], str]) -> None:
    open_tab(tabs, "View configuration")
    tabs.get_by_role("button", name="JSON", exact=True).click()
    editor = tabs.locator(".vx-json:visible textarea")
    editor.fill('{\n  "segmentation": {\n    "alpha": 250\n  }\n}')
    tabs.wait_for_selector(".vx-problems:visible li:has-text('Line 3')")
    editor.fill('{"segmentation": {"alpha": 25}}')
    tabs.wait_for_selector(".vx-unsaved:has-text('Unsaved: segmentation › Opacity.')")
    save(tabs)
    assert (
        py("print(store.view_levels('lab/cells').dataset)") == "{'layers': {'segmentation': {'alpha': 25}}}"
    )


def test_what_the_viewer_shows_becomes_the_default(
    notebook: Any, tmp_path: Path, py: Callable[[str], str]
) -> None:
    make_tissue_sample(tmp_path / KEY, size=(64, 64, 32))
    page: Page = notebook(
        SETUP.format(root=str(tmp_path)),
        f"viewer = vx.SliceViewer(store[{KEY!r}])\nviewer",
        f"edit = vx.EditTabs(store, {KEY!r}, viewer=viewer)\nedit",
        ready=".vx-edit-tabs",
    )
    py("viewer.position = (10, 20, 5)")
    open_tab(page, "View configuration")
    page.get_by_role("button", name="Use current view").click()
    page.wait_for_function("() => [...document.querySelectorAll('input')].some(i => i.value === '10, 20, 5')")
    save(page)
    stored = py(f"print(store.view_configuration({KEY!r}).value('position').value == [10, 20, 5])")
    assert stored == "True"


def test_an_exported_configuration_is_imported_into_another_dataset(
    tabs: Page, py: Callable[[str], str], tmp_path: Path
) -> None:
    py("store.update_view_configuration('lab/cells', {'zoom': 3, 'interpolation': True})")
    open_tab(tabs, "View configuration")
    tabs.wait_for_function("() => [...document.querySelectorAll('input')].some(input => input.value === '3')")
    with tabs.expect_download() as download:
        tabs.get_by_role("button", name="Export JSON").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8")) == {"zoom": 3, "interpolation": True}
    py("edit.key = 'lab/plain'")
    tabs.wait_for_selector(".vx-title:has-text('lab/plain')")
    with tabs.expect_file_chooser() as chooser:
        tabs.get_by_role("button", name="Import JSON").click()
    chooser.value.set_files(path)
    tabs.wait_for_selector("text=Imported; save it to make it the default.")
    save(tabs)
    assert py("print(store.view_levels('lab/plain').dataset)") == "{'zoom': 3, 'interpolation': True}"


def test_another_dataset_is_opened_and_nothing_that_was_typed_is_lost(
    tabs: Page, py: Callable[[str], str]
) -> None:
    open_tab(tabs, "General")
    field(tabs, "Display name").fill("Half a na")
    tabs.wait_for_selector(".vx-unsaved:has-text('Display name')")
    open_tab(tabs, "Data")
    py("edit.key = 'lab/plain'")
    tabs.wait_for_selector(".vx-kept:has-text('Unsaved in lab/cells – General: Display name. It is kept.')")
    tabs.get_by_role("button", name="Go back").click()
    tabs.wait_for_selector(".vx-title:has-text('lab/cells')")
    open_tab(tabs, "General")
    tabs.wait_for_function("() => [...document.querySelectorAll('input')].some(i => i.value === 'Half a na')")


def test_what_another_process_changes_appears_within_a_second_beside_what_is_being_typed(
    tabs: Page, py: Callable[[str], str], root: Path
) -> None:
    open_tab(tabs, "General")
    field(tabs, "Display name").fill("Mine")
    tabs.wait_for_selector(".vx-unsaved:has-text('Display name')")
    took = py(
        SOMEBODY_ELSE.format(
            root=str(root), line="store.update_details('lab/cells', description='Written by **Ada**.')"
        )
        + "import time\nstart = time.monotonic()\n"
        "while 'Ada' not in edit.state.edits.details.description: time.sleep(0.005)\n"
        "print(time.monotonic() - start)"
    )
    assert float(took) < 1
    tabs.wait_for_selector(".vx-markdown strong:text-is('Ada')")
    assert field(tabs, "Display name").input_value() == "Mine"
    tabs.wait_for_selector(".vx-message:has-text('ada changed Description just now; it is shown here.')")


def test_two_people_change_the_same_and_one_chooses(
    tabs: Page,
    somebody_else: Callable[[str], None],
    photograph: Callable[..., Path],
    py: Callable[[str], str],
) -> None:
    open_tab(tabs, "General")
    field(tabs, "Display name").fill("Mouse cortex")
    field(tabs, "Folder").fill("Mine")
    tabs.wait_for_selector(".vx-unsaved:has-text('Folder')")
    somebody_else("store.update_details('lab/cells', display_name='Cortex of a mouse', folder='Hers')")
    tabs.wait_for_selector(".vx-conflicts:has-text('You and somebody else changed the same.')")
    assert tabs.locator(".vx-save-bar:visible button:has-text('Save')").is_disabled()
    photograph("edit-conflict", ".vx-edit-tabs")
    name = tabs.locator(".vx-conflicts .widget-vbox:has(b:text-is('Display name'))").last
    name.get_by_role("button", name="Take theirs").click()
    tabs.wait_for_function(
        "() => [...document.querySelectorAll('input')].some(i => i.value === 'Cortex of a mouse')"
    )
    tabs.wait_for_function("() => document.querySelectorAll('.vx-side').length === 2")
    tabs.get_by_role("button", name="Keep mine").click()
    save(tabs)
    assert py("r = store.record('lab/cells'); print(r.title, '|', r.folder)") == "Cortex of a mouse | Mine"


def test_an_edit_is_taken_back_from_the_history(
    tabs: Page, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    py("store.acting_as('lab/ada').update_details('lab/cells', display_name='Hers', tags=['em'])")
    py("store.update_permissions('lab/cells', teams=['imaging'])")
    open_tab(tabs, "History")
    entry = tabs.locator(".vx-panel:has-text('Display name'):has(.vx-edit-entry)")
    entry.locator("text=nothing → Hers").wait_for()
    photograph("edit-history", ".vx-edit-tabs")
    entry.get_by_role("button", name="Undo").click()
    tabs.wait_for_selector(".vx-message:has-text('The edit was taken back.')")
    tabs.wait_for_selector("button:has-text('Undone')")
    record = py("r = store.record('lab/cells'); print(repr(r.display_name), r.tags, r.teams)")
    assert record == "'' () ('imaging',)"


def test_a_right_taken_away_while_editing_is_said_and_comes_back(
    notebook: Any, root: Path, py: Callable[[str], str]
) -> None:
    page: Page = notebook(
        SETUP.format(root=str(root))
        + "people.update_user('mia', is_dataset_manager=True, organization='lab')\n"
        "store.update_permissions('lab/cells', is_public=True)",
        "edit = vx.EditTabs(store.acting_as('lab/mia'), 'lab/cells')\nedit",
        ready=".vx-voxel-x input",
    )
    page.locator(".vx-voxel-x input").fill("5")
    page.wait_for_selector(".vx-unsaved:has-text('Voxel size')")
    py("people.update_user('mia', is_dataset_manager=False, organization='lab')")
    page.wait_for_selector(".vx-unsaved:has-text('mia may not edit lab/cells')")
    assert page.locator(".vx-voxel-x input").is_disabled()
    assert page.locator(".vx-voxel-x input").input_value() == "5"
    py("people.update_user('mia', is_dataset_manager=True, organization='lab')")
    page.wait_for_selector(".vx-voxel-x input:not([disabled])")
    save(page)
    assert document(root)["scale"][0] == 5


@pytest.mark.parametrize("name", THEMES)
def test_every_tab_fits_a_cell_of_480_pixels(
    tabs: Page,
    theme: Callable[[str], None],
    py: Callable[[str], str],
    name: str,
    photograph: Callable[..., Path],
) -> None:
    theme(name)
    py(
        "store.update_details('lab/cells', display_name='A_very_long_name_without_any_blank_' * 6,"
        " description='word' * 60, tags=['a rather long tag that somebody wrote'] )\n"
        "people.add_team('A team with quite a long name that somebody gave it', organization='lab')\n"
        "store.create_link('lab/cells', label='for everybody in the collaboration of 2026 ' * 4)"
    )
    tabs.set_viewport_size({"width": 596, "height": 1400})
    for title in ("Data", "General", "View configuration", "Sharing & permissions", "History"):
        open_tab(tabs, title)
        tabs.wait_for_selector(f".lm-mod-current:has-text('{title}')")
        tabs.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
        outside = tabs.evaluate(
            """() => {
                const root = document.querySelector('.vx-edit-tabs')
                const wide = root.getBoundingClientRect().right + 1
                return [...root.querySelectorAll('.vx-field, .vx-bar, .vx-panel, .vx-message, button, input, select, code')]
                    .filter(node => node.offsetParent && node.getBoundingClientRect().right > wide)
                    .map(node => node.className + ' ' + node.textContent.slice(0, 40))
            }"""
        )
        assert outside == [], title
        assert tabs.locator(".vx-edit-tabs").evaluate("node => node.clientWidth") <= 480
    open_tab(tabs, "General")
    photograph(f"edit-narrow-{name.split()[1].lower()}", ".vx-edit-tabs")
