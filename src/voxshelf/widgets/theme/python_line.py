"""The line of Python that does the same as the widget above it, with a button that copies it.

The text is shown as it is and never runs here. Copying works without HTTPS as well, where browsers offer no
clipboard to pages.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import anywidget
import traitlets


class PythonLine(anywidget.AnyWidget):
    """A line (or a few) of Python, with *Copy*.

    Parameters
    ----------
    code : str
        What is shown and copied; while it is empty, the line keeps its height and shows nothing.

    Examples
    --------
    >>> line = PythonLine()
    >>> line.code = call("store.delete", "lab/brain")
    >>> line.code
    'store.delete("lab/brain")'
    """

    _esm = Path(__file__).parent / "python_line.js"

    code = traitlets.Unicode("").tag(sync=True)

    def __init__(self, code: str = "") -> None:
        super().__init__(code=code)
        self.add_class("vx-python")


def call(function: str, *arguments: Any, **named: Any) -> str:
    """A call as a person would write it: ``call("store.delete", "lab/brain")`` → ``store.delete("lab/brain")``.

    Strings get double quotes, as in this project's own code; everything else its ``repr``.
    """
    parts = [literal(value) for value in arguments]
    parts += [f"{name}={literal(value)}" for name, value in named.items()]
    return f"{function}({', '.join(parts)})"


def literal(value: Any) -> str:
    """A value as Python source."""
    if isinstance(value, str):
        quoted = repr(str(value))
        return quoted if '"' in value else f'"{quoted[1:-1].replace(chr(92) + chr(39), chr(39))}"'
    if isinstance(value, tuple) and value:
        inside = ", ".join(literal(entry) for entry in value)
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    if isinstance(value, list):
        return f"[{', '.join(literal(entry) for entry in value)}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(entry)}' for key, entry in value.items())}}}"
    return repr(value)
