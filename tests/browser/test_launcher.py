"""The launcher entry: from an empty JupyterLab to the table of datasets with one click."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Page

KERNEL_MILLISECONDS = 60_000
CARD = ".jp-LauncherCard:visible"  # another launcher may be open behind it


@pytest.fixture
def launcher(page: Page) -> Iterator[Page]:
    """The page with an open launcher; everything that was opened from it is closed again."""
    page.evaluate("() => window.jupyterapp.commands.execute('launcher:create').then(() => 0)")
    page.wait_for_selector(CARD)
    yield page
    page.evaluate(
        """async () => {
            for (const widget of [...window.jupyterapp.shell.widgets('main')]) {
                if (widget.sessionContext) { await widget.sessionContext.shutdown() }
                if (widget.context) { widget.context.model.dirty = false }
                widget.dispose()
            }
        }"""
    )


def test_one_click_opens_a_notebook_with_the_store(launcher: Page, photograph: Callable[..., Path]) -> None:
    card = launcher.locator(CARD, has_text="Datasets")
    assert card.locator("img").evaluate("image => image.complete && image.naturalWidth > 0")
    photograph("launcher")
    card.click()
    launcher.wait_for_selector(".vx-manager", timeout=KERNEL_MILLISECONDS)
    cell = launcher.locator(".jp-Notebook .jp-InputArea-editor").first.inner_text()
    assert "vx.show(vx.open_store())" in cell
