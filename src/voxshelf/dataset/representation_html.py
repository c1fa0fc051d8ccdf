"""What a dataset and a layer look like in a notebook: a table, and a small picture.

The colours are those of JupyterLab's theme, with fallbacks elsewhere. Everything that comes from files is
escaped. A representation never fails: what cannot be drawn is said in words.
"""

from __future__ import annotations

import base64
from html import escape
from typing import TYPE_CHECKING

from voxshelf.dataset.representation import extent_text, layer_facts, size_text
from voxshelf.dataset.thumbnail import thumbnail
from voxshelf.errors import VoxshelfError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.dataset.dataset import Dataset
    from voxshelf.dataset.layer import Layer

__all__ = ["dataset_html", "layer_html"]

_PICTURE = (240, 240)
_COLUMNS = ("Layer", "Category", "Voxels", "Mags", "Bounding box", "Size", "Uncompressed", "Largest id")
_STYLE = """
.voxshelf-card { display: flex; flex-wrap: wrap; gap: 16px; align-items: flex-start; padding: 4px 0;
  color: var(--jp-ui-font-color1, currentColor); font-family: var(--jp-ui-font-family, system-ui, sans-serif);
  font-size: var(--jp-ui-font-size1, 13px); }
.voxshelf-card img { border-radius: 3px; border: 1px solid var(--jp-border-color2, #8888); max-width: 100%; }
.voxshelf-card h4 { margin: 0 0 2px; font-size: 1.15em; color: inherit; }
.voxshelf-card p { margin: 0 0 8px; color: var(--jp-ui-font-color2, inherit); }
.voxshelf-card table { border-collapse: collapse; color: inherit; }
.voxshelf-card th, .voxshelf-card td { text-align: left; padding: 3px 12px 3px 0; background: none;
  border-bottom: 1px solid var(--jp-border-color2, #8888); white-space: nowrap; }
.voxshelf-card th { font-weight: 600; }
.voxshelf-card td.voxshelf-mags { white-space: normal; }
.voxshelf-card .voxshelf-problem { color: var(--jp-error-color1, #d32f2f); white-space: normal; }
"""


def dataset_html(dataset: Dataset) -> str:
    """The card of a dataset."""
    extent = extent_text(dataset.bounding_box, dataset.voxel_size)
    about = [f"Voxel size {size_text(dataset)}", f"{extent} in all" if extent else "", str(dataset.path)]
    return _card(dataset.name, about, dataset, list(dataset.layers.values()))


def layer_html(layer: Layer) -> str:
    """The card of a layer."""
    about = [f"Layer of {layer.dataset.name}"]
    return _card(layer.name, about, layer.dataset, [layer])


def _card(title: str, about: Sequence[str], dataset: Dataset, layers: Sequence[Layer]) -> str:
    picture = _picture(dataset, layers)
    lines = " · ".join(escape(line) for line in about if line)
    rows = "".join(_row(layer) for layer in layers)
    head = "".join(f"<th>{column}</th>" for column in _COLUMNS)
    table = (
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        if layers
        else "<p>No layers.</p>"
    )
    return (
        f'<style>{_STYLE}</style><div class="voxshelf-card">{picture}'
        f"<div><h4>{escape(title)}</h4><p>{lines}</p>{table}</div></div>"
    )


def _row(layer: Layer) -> str:
    try:
        facts = layer_facts(layer)
    except VoxshelfError as error:
        return f"<tr><td>{escape(layer.name)}</td>{_problem_cell([error.what], len(_COLUMNS) - 1)}</tr>"
    cells = [
        facts.name,
        facts.category,
        f"{facts.element_class}, {facts.axes}" if facts.axes else facts.element_class,
        facts.mags,
        facts.box,
        facts.extent,
        facts.bytes,
    ]
    row = "".join(
        f'<td class="voxshelf-mags">{escape(cell)}</td>' if cell == facts.mags else f"<td>{escape(cell)}</td>"
        for cell in (*cells, facts.largest_segment_id)
    )
    more = f"<tr>{_problem_cell(facts.problems, len(_COLUMNS))}</tr>" if facts.problems else ""
    return f"<tr>{row}</tr>{more}"


def _problem_cell(problems: Sequence[str], columns: int) -> str:
    text = "<br>".join(f"⚠ {escape(problem)}" for problem in problems)
    return f'<td class="voxshelf-problem" colspan="{columns}">{text}</td>'


def _picture(dataset: Dataset, layers: Sequence[Layer]) -> str:
    """The thumbnail, or why there is none."""
    if not any(not layer.bounding_box.is_empty for layer in layers):
        return ""
    try:
        png = thumbnail(dataset, _PICTURE, layers=[layer.name for layer in layers])
    except VoxshelfError as error:
        return f'<div class="voxshelf-problem" style="width: {_PICTURE[0]}px">⚠ {escape(error.what)}</div>'
    except Exception as error:  # noqa: BLE001 - a representation must never fail
        return f'<div class="voxshelf-problem">⚠ No picture: {escape(repr(error))}</div>'
    data = base64.b64encode(png).decode("ascii")
    return f'<img alt="Slice of {escape(dataset.name, quote=True)}" src="data:image/png;base64,{data}">'
