"""The harness itself: a notebook runs in JupyterLab, and its kernel can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def test_a_widget_of_a_cell_appears_and_its_kernel_hears_it(notebook: Any, py: Callable[[str], str]) -> None:
    page = notebook(
        "import ipywidgets as W\nb = W.Button(description='press me')\n"
        "pressed = []\nb.on_click(lambda _: pressed.append(1))\nb",
        ready="button:has-text('press me')",
    )
    page.click("button:has-text('press me')")
    assert py("import time\nwhile not pressed: time.sleep(0.01)\nprint(pressed)") == "[1]"
