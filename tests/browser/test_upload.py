"""Uploading ZIP files in JupyterLab: dropped or chosen, asserted on the list and on the bytes in the store."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from voxshelf.testing.archives import pack
from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    MakeZip = Callable[..., Path]

ROW = ".vxu-row"
ZONE = ".vxu-drop"
BULK = 24_000_000
DARK, LIGHT = "JupyterLab Dark", "JupyterLab Light"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path / "data", "lab/taken")
    return tmp_path / "data"


@pytest.fixture
def make_zip(tmp_path: Path) -> MakeZip:
    """A dataset as a ZIP file; ``bulk`` adds that many bytes that nothing can shrink."""

    def make(name: str, *, with_json: bool = True, bulk: int = 0) -> Path:
        folder = write_dataset(tmp_path / "made", f"any/{name}", with_json=with_json)
        files = {
            path.relative_to(folder.parent).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        if bulk:
            files[f"{name}/bulk.bin"] = np.random.default_rng(len(name)).bytes(bulk)
        path = tmp_path / f"{name}.zip"
        path.write_bytes(pack(files))
        return path

    return make


def cell(root: Path, **traits: Any) -> str:
    sets = "".join(f"panel.sender.{name} = {value}\n" for name, value in traits.items())
    return (
        f"import voxshelf as vx\nstore = vx.open_store({str(root)!r})\nstore.refresh()\n"
        f"panel = vx.UploadPanel(store)\n{sets}panel"
    )


@pytest.fixture
def panel(notebook: Any, root: Path) -> Page:
    page: Page = notebook(cell(root), ready=ZONE)
    return page


@pytest.fixture
def slow_panel(notebook: Any, root: Path) -> Page:
    """Small pieces, one by one, so that there is time to press a button."""
    page: Page = notebook(cell(root, piece=65_536, in_flight=1), ready=ZONE)
    return page


def choose(page: Page, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose files…").click()
    chooser.value.set_files([str(file) for file in files])


def row(page: Page, stage: str = "", name: str = "") -> Locator:
    page.wait_for_selector(f"{ROW}[data-stage={stage}]" if stage else ROW)
    return page.locator(ROW).filter(has_text=name).first


def press(page: Page, label: str) -> None:
    page.locator(f"{ROW} button:text-is('{label}')").first.click()


def wait_for_progress(page: Page) -> None:
    page.wait_for_function(f"() => document.querySelector('{ROW} progress')?.value > 0.03")


def same_files(made: Path, stored: Path) -> bool:
    files = [path.relative_to(made) for path in made.rglob("*") if path.is_file()]
    return bool(files) and all((made / file).read_bytes() == (stored / file).read_bytes() for file in files)


def received(py: Callable[[str], str]) -> int:
    return int(py("print(sum(info.offset for info in store.uploads.list()))"))


def test_a_zip_with_its_json_is_ready_without_another_step(
    panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip, py: Callable[[str], str]
) -> None:
    choose(panel, make_zip("brain"))
    row(panel, "ready")
    assert same_files(tmp_path / "made" / "any" / "brain", root / "lab" / "brain")
    assert py("print(panel.uploaded, store.record('lab/brain').status)") == "lab/brain ready"
    press(panel, "Show")
    panel.wait_for_selector("text=2 datasets")


def test_a_zip_without_json_leads_straight_into_the_import_form(
    panel: Page, root: Path, make_zip: MakeZip, photograph: Callable[..., Path], py: Callable[[str], str]
) -> None:
    choose(panel, make_zip("fresh", with_json=False))
    panel.set_viewport_size({"width": 1280, "height": 1200})
    panel.wait_for_selector("text=Needs you")
    panel.locator(".vx-preview-frame img").wait_for()
    photograph("upload-import", ".jp-OutputArea-output")
    for axis, edge in zip("xyz", ("11.24", "11.24", "28"), strict=True):
        panel.locator(f".vx-voxel-{axis} input").fill(edge)
    panel.locator("button:text-is('Import'):visible:not([disabled])").click()
    row(panel, "ready")
    assert py("print(store.record('lab/fresh').voxel_size)").startswith("11.24")
    assert (root / "lab" / "fresh" / "datasource-properties.json").is_file()


def test_a_file_is_taken_where_it_is_dropped(
    panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip
) -> None:
    text = base64.b64encode(make_zip("dropped").read_bytes()).decode()
    panel.evaluate(
        """([text, zone]) => {
            const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0))
            const dataTransfer = new DataTransfer()
            dataTransfer.items.add(new File([bytes], 'dropped.zip', {type: 'application/zip'}))
            for (const kind of ['dragenter', 'dragover', 'drop']) document.querySelector(zone)
                .dispatchEvent(new DragEvent(kind, {dataTransfer, bubbles: true, cancelable: true}))
        }""",
        [text, ZONE],
    )
    row(panel, "ready")
    assert same_files(tmp_path / "made" / "any" / "dropped", root / "lab" / "dropped")


def test_several_files_are_sent_one_after_the_other(
    slow_panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip, photograph: Callable[..., Path]
) -> None:
    choose(
        slow_panel,
        make_zip("mouse_cortex_layer_4", bulk=BULK // 3),
        make_zip("zebrafish_larva_whole_brain_with_quite_a_long_name_as_people_give_them", bulk=BULK // 6),
        make_zip("taken"),
    )
    wait_for_progress(slow_panel)
    assert slow_panel.locator(ROW).count() == 3
    assert row(slow_panel, "waiting", "zebrafish").count() == 1
    photograph("upload-queue", ".jp-OutputArea-output")
    slow_panel.wait_for_function(
        f"() => document.querySelectorAll('{ROW}[data-stage=ready]').length === 2", timeout=60_000
    )
    for name in (
        "mouse_cortex_layer_4",
        "zebrafish_larva_whole_brain_with_quite_a_long_name_as_people_give_them",
    ):
        assert same_files(tmp_path / "made" / "any" / name, root / "lab" / name)


def test_a_paused_upload_stands_still_and_goes_on_where_it_was(
    slow_panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip, py: Callable[[str], str]
) -> None:
    choose(slow_panel, make_zip("brain", bulk=BULK))
    wait_for_progress(slow_panel)
    press(slow_panel, "Pause")
    row(slow_panel, "paused")
    before = received(py)
    assert before == received(py) > 0
    py("panel.sender.piece, panel.sender.in_flight = 4 << 20, 3")
    press(slow_panel, "Resume")
    row(slow_panel, "ready")
    assert same_files(tmp_path / "made" / "any" / "brain", root / "lab" / "brain")


def reopen(page: Page) -> None:
    """Load the page anew and open the notebook that was open."""
    path = page.evaluate(
        """async () => {
            await window.nb.context.save()
            return window.nb.context.path
        }"""
    )
    page.reload()
    page.wait_for_function("() => window.jupyterapp?.restored", timeout=60_000)
    page.evaluate(
        """async path => {
            const app = window.jupyterapp
            await app.restored
            app.shell.collapseLeft()
            await app.commands.execute('docmanager:open', {path, factory: 'Notebook'})
            window.nb = [...app.shell.widgets('main')].find(widget => widget.context?.path === path)
            await window.nb.context.ready
        }""",
        path,
    )
    page.wait_for_function(
        "() => window.nb?.sessionContext.session?.kernel?.connectionStatus === 'connected'"
    )


def test_after_a_reload_of_the_page_the_same_file_goes_on_where_it_stopped(
    slow_panel: Page,
    root: Path,
    tmp_path: Path,
    make_zip: MakeZip,
    py: Callable[[str], str],
    photograph: Callable[..., Path],
) -> None:
    file = make_zip("brain", bulk=BULK)
    choose(slow_panel, file)
    wait_for_progress(slow_panel)
    reopen(slow_panel)
    row(slow_panel, "interrupted")
    stopped = received(py)
    assert 0 < stopped < file.stat().st_size
    photograph("upload-interrupted", ".jp-OutputArea-output")
    py(
        "sizes = []\npanel.state.observe(lambda change: sizes.append(change['new'].offset) if change['new'] else 0, 'job')"
    )
    py("panel.sender.piece, panel.sender.in_flight = 4 << 20, 3")
    with slow_panel.expect_file_chooser() as chooser:
        press(slow_panel, "Choose file…")
    chooser.value.set_files(str(file))
    row(slow_panel, "ready")
    assert py("print(sizes)") == f"[{stopped}]"
    assert same_files(tmp_path / "made" / "any" / "brain", root / "lab" / "brain")


def test_after_a_restart_of_the_kernel_the_same_file_goes_on_where_it_stopped(
    slow_panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip, py: Callable[[str], str]
) -> None:
    file = make_zip("brain", bulk=BULK)
    choose(slow_panel, file)
    wait_for_progress(slow_panel)
    slow_panel.evaluate(
        """async () => {
            await window.nb.sessionContext.session.kernel.restart()
            await window.jupyterapp.commands.execute('notebook:run-all-cells')
        }"""
    )
    row(slow_panel, "interrupted")
    stopped = received(py)
    assert 0 < stopped < file.stat().st_size
    py("panel.sender.piece, panel.sender.in_flight = 4 << 20, 3")
    choose(slow_panel, file)
    row(slow_panel, "ready")
    assert slow_panel.locator(ROW).count() == 1
    assert same_files(tmp_path / "made" / "any" / "brain", root / "lab" / "brain")


def test_a_lost_connection_is_made_again_and_nothing_is_missing(
    slow_panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip
) -> None:
    choose(slow_panel, make_zip("brain", bulk=BULK // 4))
    wait_for_progress(slow_panel)
    slow_panel.evaluate("() => window.nb.sessionContext.session.kernel.reconnect()")
    row(slow_panel, "ready")
    assert same_files(tmp_path / "made" / "any" / "brain", root / "lab" / "brain")


def test_cancelling_is_asked_twice_and_leaves_nothing(
    slow_panel: Page, root: Path, make_zip: MakeZip, py: Callable[[str], str]
) -> None:
    choose(slow_panel, make_zip("brain", bulk=BULK))
    wait_for_progress(slow_panel)
    press(slow_panel, "Cancel")
    press(slow_panel, "Discard what arrived?")
    slow_panel.wait_for_selector(ROW, state="detached")
    assert py("panel.state.wait(); print(store.uploads.list())") == "()"
    assert list((root / "lab").glob("brain")) == []


def test_a_taken_name_is_asked_for_anew(
    panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip, photograph: Callable[..., Path]
) -> None:
    choose(panel, make_zip("taken"))
    row(panel, "needs_name")
    photograph("upload-name", ".jp-OutputArea-output")
    panel.get_by_label("Name of the dataset").fill("taken_again")
    panel.keyboard.press("Enter")
    row(panel, "ready")
    assert same_files(tmp_path / "made" / "any" / "taken", root / "lab" / "taken_again")


def test_an_archive_without_a_dataset_is_refused_with_the_reason(
    panel: Page, tmp_path: Path, photograph: Callable[..., Path]
) -> None:
    (tmp_path / "letters.zip").write_bytes(
        pack({"letters/one.txt": b"Dear sir", "letters/two.txt": b"Dear madam"})
    )
    choose(panel, tmp_path / "letters.zip")
    failed = row(panel, "failed")
    photograph("upload-refused", ".jp-OutputArea-output")
    assert failed.locator(".vxu-says").inner_text() != ""
    press(panel, "Remove from list")
    panel.wait_for_selector(ROW, state="detached")


@pytest.mark.parametrize("kind", ["cut off", "not a ZIP file"])
def test_what_is_no_zip_file_is_refused_before_it_travels(
    panel: Page, tmp_path: Path, make_zip: MakeZip, kind: str
) -> None:
    whole = make_zip("brain").read_bytes()
    file = tmp_path / "broken.zip"
    file.write_bytes(whole[:-40] if kind == "cut off" else b"\x89PNG" + whole[4:])
    choose(panel, file)
    panel.wait_for_selector(f".vx-message:has-text('{kind}')")
    assert panel.locator(ROW).count() == 0


def test_a_running_cell_does_not_hold_up_an_upload(
    panel: Page, make_zip: MakeZip, root: Path, py: Callable[[str], str]
) -> None:
    while py("print(panel.sender.is_heard)") == "False":
        pass
    # The cell runs until the dataset is there: it could not end if the upload waited for it.
    panel.evaluate(
        """code => {
            const future = window.nb.sessionContext.session.kernel.requestExecute({code, store_history: false})
            window.cellEnded = future.done.then(() => true)
        }""",
        f"import os, time\nwhile not os.path.exists({str(root / 'lab' / 'brain')!r}): time.sleep(0.01)",
    )
    choose(panel, make_zip("brain", bulk=BULK // 2))
    row(panel, "ready")
    assert panel.evaluate("() => window.cellEnded")


def test_a_full_disk_stops_it_in_words_and_it_goes_on_when_there_is_room(
    slow_panel: Page, root: Path, tmp_path: Path, make_zip: MakeZip, py: Callable[[str], str]
) -> None:
    choose(slow_panel, make_zip("brain", bulk=BULK))
    wait_for_progress(slow_panel)
    # The kernel may not write larger files than it has: what the system answers then is what a quota answers.
    py(
        "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "limits = resource.getrlimit(resource.RLIMIT_FSIZE)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (sum(i.offset for i in store.uploads.list()) + 100_000, limits[1]))"
    )
    failed = row(slow_panel, "failed")
    assert failed.locator(".vxu-says").inner_text() != ""
    py("resource.setrlimit(resource.RLIMIT_FSIZE, limits)")
    py("panel.sender.piece, panel.sender.in_flight = 4 << 20, 3")
    press(slow_panel, "Try again")
    row(slow_panel, "ready")
    assert same_files(tmp_path / "made" / "any" / "brain", root / "lab" / "brain")


def test_what_a_quota_refuses_is_said_with_what_to_do_and_goes_on_when_there_is_room(
    panel: Page, make_zip: MakeZip, py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    py("store.people.update_organization('lab', upload_quota=1_000_000)")
    choose(panel, make_zip("brain", bulk=BULK // 8))
    says = row(panel, "failed").locator(".vxu-says").inner_text()
    assert "lab may upload 1,000,000 bytes in all (1.0 MB): 0.0 MB are taken, and 3.0 MB more" in says
    assert "ask whoever runs the store for more" in says
    photograph("upload-quota", ".jp-OutputArea-output")
    py("store.people.update_organization('lab', upload_quota=None)")
    press(panel, "Try again")
    row(panel, "ready")
    assert py("print(store.record('lab/brain').status)") == "ready"


def test_samples_can_be_added_on_the_same_page(panel: Page, py: Callable[[str], str]) -> None:
    panel.get_by_role("button", name="Add a sample dataset").click()
    panel.wait_for_selector(".vxc-card[data-id='tissue'] button:text-is('Add')")
    assert panel.locator(".vxc-card").count() == 4


def test_the_keyboard_reaches_everything_and_keeps_its_place(slow_panel: Page, make_zip: MakeZip) -> None:
    choose(slow_panel, make_zip("brain", bulk=BULK))
    wait_for_progress(slow_panel)
    slow_panel.get_by_role("button", name="Choose files…").focus()
    slow_panel.keyboard.press("Tab")
    slow_panel.keyboard.press("Enter")
    row(slow_panel, "paused")
    assert slow_panel.evaluate("() => document.activeElement.textContent") == "Resume"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_panel_fits_a_narrow_cell_in_both_themes(
    slow_panel: Page,
    make_zip: MakeZip,
    theme: str,
    in_theme: Callable[[str], None],
    cut_off: Callable[[str], list[str]],
    photograph: Callable[..., Path],
) -> None:
    in_theme(theme)
    slow_panel.set_viewport_size({"width": 600, "height": 900})
    choose(
        slow_panel,
        make_zip(
            "a_file_whose_name_is_so_long_that_it_has_to_be_broken_somewhere_in_a_narrow_cell", bulk=BULK
        ),
        make_zip("taken"),
    )
    wait_for_progress(slow_panel)
    photograph(f"upload-narrow-{theme.split()[1].lower()}", ".jp-OutputArea-output")
    assert cut_off(".vxu") == []
