"""The line of Python that does the same as the widget above it, with a button that copies it.

The text is shown as it is and never runs here. What is copied runs in a new notebook: where the line needs voxshelf
or ``store``, the lines that import and open them come first (:func:`runnable`). Copying works without HTTPS as well,
where browsers offer no clipboard to pages.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import anywidget
import traitlets


class PythonLine(anywidget.AnyWidget):
    """A line (or a few) of Python, with *Copy*.

    Parameters
    ----------
    code : str
        What is shown; while it is empty, the line keeps its height and shows nothing.
    store : DatasetStore, optional
        What is called ``store`` in it.

    Attributes
    ----------
    copied : str
        What is copied: the code, and before it what a new notebook lacks.

    Examples
    --------
    >>> line = PythonLine()
    >>> line.code = call("store.delete", "lab/brain")
    >>> line.code
    'store.delete("lab/brain")'
    """

    _esm = (Path(__file__).parent / "python_line.js").read_text(encoding="utf-8")

    code = traitlets.Unicode("").tag(sync=True)
    copied = traitlets.Unicode("").tag(sync=True)

    def __init__(self, code: str = "", *, store: Any = None) -> None:
        super().__init__(code=code, copied=runnable(code, store))
        self.add_class("vx-python")
        self.observe(lambda change: self.set_trait("copied", runnable(change["new"], store)), "code")


def runnable(code: str, store: Any = None) -> str:
    """The code as it runs in a new notebook: ``store`` is opened first, and voxshelf imported, where it needs them."""
    missing = _missing_names(code)
    opening = store_opening(store) if "store" in missing else ""
    before = ["import voxshelf as vx"] if opening or "vx" in missing else []
    if opening:
        before.append(f"store = {opening}")
    return "\n".join((*before, code))


def store_opening(store: Any) -> str:
    """The Python that opens a store again; empty where nobody knows."""
    root = getattr(store, "root", None)
    return "" if root is None else call("vx.open_store", str(root))


def _missing_names(code: str) -> set[str]:
    """The names that code uses and does not give itself; none where it is no Python, such as an address."""
    try:
        nodes = list(ast.walk(ast.parse(code)))
    except (SyntaxError, ValueError):
        return set()
    names = [node for node in nodes if isinstance(node, ast.Name)]
    given = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    imports = [node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom)]
    given |= {alias.asname or alias.name for node in imports for alias in node.names}
    return {node.id for node in names} - given


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
