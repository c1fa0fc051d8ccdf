"""Sharing a dataset in JupyterLab: teams, links, and who can see it and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from voxshelf.testing.folders import write_dataset

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page

KEY = "lab/cells"
SETUP = """
from voxshelf.store import LocalDatasetStore
import voxshelf as vx
store = LocalDatasetStore({root!r}, public_url={url!r})
store.refresh()
people = store.people
for team in ("imaging", "genetics"):
    people.add_team(team, organization="lab")
people.add_user("ada", title="Ada Lovelace", email="ada@lab.org", is_admin=True, organization="lab")
people.add_user("tom", title="Tom", teams={{"imaging": True}}, organization="lab")
people.add_user("mia", title="Mia", teams=["imaging"], organization="lab")
people.add_user("gus", title="Gus", teams=["genetics"], organization="lab")
store.update_permissions("lab/cells", teams=["imaging"], owner="tom")
"""
OLD_LINKS = """
from datetime import datetime, timedelta, UTC
short = store.create_link("lab/cells", label="Reviewer 2", expires=timedelta(milliseconds=1))
while datetime.now(UTC) < short.expires: pass
store.revoke_link(store.create_link("lab/cells", label="Lost on a train", view={"zoom": 1}).id)
"""
SHOW = "sharing = vx.SharingLinks({store}, 'lab/cells')\nsharing"
READY = "text=Who can see this, and why"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write_dataset(tmp_path, KEY)
    return tmp_path


@pytest.fixture
def show(notebook: Any, root: Path) -> Callable[..., Page]:
    """Opens the sharing page, for the operator or somebody else, with or without an address for links."""

    def open_page(store: str = "store", url: str = "") -> Page:
        cells = (SETUP.format(root=str(root), url=url), SHOW.format(store=store))
        page: Page = notebook(*cells, ready=READY)
        page.set_viewport_size({"width": 1280, "height": 1400})
        return page

    return open_page


def make_link(page: Page, label: str, until: str) -> str:
    """Make a link; returns what was shown this once."""
    page.locator("input[placeholder='whom or what it is for']").fill(label)
    page.locator(".vx-expires input").fill(until)
    page.wait_for_selector("text=It works until")
    page.get_by_role("button", name="Create link").click()
    page.wait_for_selector(f".vx-new-link:visible:has-text('{label}')")
    return page.locator(".vx-secret code").inner_text()


def test_a_link_until_friday_is_made_shown_once_and_works(
    show: Callable[..., Page], py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    page = show()
    page.wait_for_selector("text=Links have no address here.")
    token = make_link(page, "Anna in Basel", "Friday")
    page.wait_for_selector("text=It is shown only now: copy it, it cannot be shown again.")
    page.wait_for_selector(f'.vx-new-link code:has-text(\'store.with_link("{token}")["lab/cells"]\')')
    assert py(f"print(store.with_link({token!r})['lab/cells']['color'][3, 0, 0])") == "3"
    page.wait_for_selector(".vx-share-link:has-text('used 1×')")
    page.wait_for_selector("text=Whoever has one link that works can see it.")
    photograph("sharing-links", ".vx-root")
    page.get_by_role("button", name="I have copied it").click()
    page.wait_for_selector(".vx-new-link", state="hidden")
    page.wait_for_function("token => !document.documentElement.outerHTML.includes(token)", arg=token)


def test_with_an_address_the_link_is_one_to_send(show: Callable[..., Page]) -> None:
    page = show(url="https://data.lab.org")
    assert page.locator("text=Links have no address here.").count() == 0
    assert make_link(page, "Anna", "7 days").startswith("https://data.lab.org/s/")


def test_a_link_is_revoked_only_after_asking_and_then_at_once(
    show: Callable[..., Page], py: Callable[[str], str]
) -> None:
    page = show()
    token = make_link(page, "Anna", "never")
    row = page.locator(".vx-share-link:has-text('Anna')")
    row.get_by_role("button", name="Revoke").click()
    row.locator("text=It stops to work at once").wait_for()
    assert py(f"print('lab/cells' in store.with_link({token!r}))") == "True"
    row.get_by_role("button", name="Revoke").click()
    page.wait_for_selector("text=There is no link that works now.")
    assert "VoxshelfError" in py(
        f"from voxshelf.errors import VoxshelfError\ntry: store.with_link({token!r})\n"
        "except VoxshelfError: print('VoxshelfError')"
    )
    page.get_by_role("button", name="Show 1 link that ended").click()
    page.wait_for_selector(".vx-share-link:has-text('revoked')")


ELSEWHERE = """
import subprocess, sys
code = '''from voxshelf.store import LocalDatasetStore
store = LocalDatasetStore({root!r})
for _ in range({times}): store.with_link({token!r})'''
subprocess.run([sys.executable, "-c", code], check=True)
"""


def test_uses_elsewhere_are_counted_while_one_edits_the_link(
    show: Callable[..., Page], py: Callable[[str], str], root: Path, photograph: Callable[..., Path]
) -> None:
    page = show()
    token = make_link(page, "Ana", "Friday")
    page.get_by_role("button", name="I have copied it").click()
    row = page.locator(".vx-share-link")
    row.get_by_role("button", name="Edit").click()
    editor = row.locator(".vx-link-editor")
    label = editor.locator("input[placeholder='whom or what it is for']")
    label.click()
    label.fill("Anna ")
    assert py(ELSEWHERE.format(root=str(root), token=token, times=3)) == ""
    row.locator("text=used 3×").wait_for()
    page.keyboard.type("in Basel")  # the cursor is still there
    editor.locator(".vx-expires input").fill("someday")
    editor.locator("text='someday' is not a time.").wait_for()
    assert editor.get_by_role("button", name="Save").is_disabled()
    photograph("link-edit-wrong", ".vx-root")
    editor.locator(".vx-expires input").fill("2126-12-01")
    editor.locator("text=It works until the end of Sun 1 Dec 2126 (UTC).").wait_for()
    photograph("link-edit", ".vx-root")
    editor.get_by_role("button", name="Save").click()
    row.locator("b:text-is('Anna in Basel')").wait_for()
    row.locator("text=until the end of Sun 1 Dec 2126 (UTC)").wait_for()
    page.wait_for_selector('.vx-python code:has-text(\'label="Anna in Basel", expires="2126-12-01"\')')
    assert editor.count() == 0


def test_a_viewer_that_is_open_in_the_notebook_offers_its_view(
    show: Callable[..., Page], py: Callable[[str], str]
) -> None:
    page = show()
    page.wait_for_selector('text=press View first, or run vx.SliceViewer(store["lab/cells"]).')
    assert py("viewer = vx.SliceViewer(store['lab/cells']); viewer.position = (3, 4, 5)") == ""
    page.locator("text=open at the current view").click()
    make_link(page, "Anna", "never")
    page.wait_for_selector(".vx-share-link:has-text('with a view')")
    assert py("print(store.links('lab/cells')[0].view.position)") == "(3.5, 4.5, 5.5)"


def test_an_end_that_cannot_be_is_said_at_its_field(show: Callable[..., Page]) -> None:
    page = show()
    page.locator(".vx-expires input").fill("someday")
    page.wait_for_selector("text='someday' is not a time.")
    assert page.get_by_role("button", name="Create link").is_disabled()


def test_a_team_is_allowed_and_its_people_can_see_it(
    show: Callable[..., Page], py: Callable[[str], str]
) -> None:
    page = show()
    assert page.locator(".vx-people:has-text('Gus')").count() == 0
    page.locator(".vx-checks label:has-text('genetics') input, .vx-checks :text('genetics')").first.click()
    page.wait_for_selector(".vx-unsaved:has-text('Teams')")
    page.locator(".vx-save-bar button:has-text('Save')").click()
    page.wait_for_selector(".vx-people:has-text('Gus')")
    assert py("print(store.record('lab/cells').teams)") == "('genetics', 'imaging')"
    page.wait_for_selector("text=teams=['genetics', 'imaging']")


def test_why_somebody_may_not_is_answered_with_whom_to_ask(show: Callable[..., Page]) -> None:
    page = show()
    who = page.locator("select:has(option:text-is('Mia (mia)'))")
    who.nth(1).wait_for()  # the first one is the owner
    asked = who.last
    asked.select_option(label="Mia (mia)")
    page.locator("select:has(option:text-is('delete'))").select_option("delete")
    page.get_by_role("button", name="Why?").click()
    page.wait_for_selector("text=Mia may not delete lab/cells")
    page.wait_for_selector("text=Ada Lovelace (ada@lab.org)")


def test_a_member_sees_everything_disabled_with_the_reason(show: Callable[..., Page]) -> None:
    page = show(store="store.acting_as('lab/mia')")
    page.wait_for_selector("text=Mia may not share lab/cells")
    assert page.locator(".vx-checks input").first.is_disabled()
    assert page.locator("button:has-text('Create link'):visible").count() == 0
    page.wait_for_selector("text=Only whoever may share this dataset sees who has access to it.")


def test_it_fits_a_dark_cell_of_480_pixels(
    show: Callable[..., Page], py: Callable[[str], str], photograph: Callable[..., Path]
) -> None:
    page = show()
    photograph("sharing-empty", ".vx-root")
    change = "name => window.jupyterapp.commands.execute('apputils:change-theme', {theme: name})"
    page.evaluate(change, "JupyterLab Dark")
    try:
        page.set_viewport_size({"width": 596, "height": 1700})
        make_link(page, "for_everybody_in_the_collaboration_" * 5, "7 days")
        page.wait_for_selector(".vx-share-link")
        py(OLD_LINKS)
        page.get_by_role("button", name="Show 2 links that ended").click()
        page.wait_for_selector(".vx-share-link:has-text('ended')")
        page.locator(".vx-share-link").first.get_by_role("button", name="Edit").click()
        page.wait_for_selector(".vx-link-editor")
        outside = page.evaluate(
            """() => {
                const root = document.querySelector('.vx-new-link').closest('.vx-root')
                const wide = root.getBoundingClientRect().right + 1
                return [...root.querySelectorAll('.vx-field, .vx-bar, .vx-panel, button, input, select, code, td, b')]
                    .filter(node => node.offsetParent && node.getBoundingClientRect().right > wide)
                    .map(node => node.className + ' ' + node.textContent.slice(0, 40))
            }"""
        )
        assert outside == []
        photograph("sharing-narrow-dark", ".vx-root")
    finally:
        page.evaluate(change, "JupyterLab Light")
