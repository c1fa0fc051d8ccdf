"""What an existing ``datasource-properties.json`` already says: its values win over everything that is detected.

A half-broken document keeps its good half; keys that voxshelf gives no meaning to are carried along.
"""

from __future__ import annotations

import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.dataset import PROPERTIES_NAME, read_properties
from voxshelf.errors import DatasetNotFoundError, VoxshelfError
from voxshelf.model import DataSource, Problem
from voxshelf.model.documents import LAYER_KEYS, TOP_KEYS

if TYPE_CHECKING:
    from pathlib import Path

    from voxshelf.model import Values

__all__ = ["Known", "read_known"]


@dataclass(frozen=True)
class Known:
    """The good half of an existing JSON.

    Attributes
    ----------
    values : dict
        Every value that could be read, by place among the nouns, with ``("other",)`` and
        ``("layers", name, "other")`` for the keys without a meaning.
    layer_names : tuple of str
        In file order.
    data_source : DataSource or None
        The whole, if it is valid.
    problems : tuple of Problem
        What is wrong with it, with places in the document.
    exists : bool
        Whether there is a file at all.
    """

    values: Values
    layer_names: tuple[str, ...] = ()
    data_source: DataSource | None = None
    problems: tuple[Problem, ...] = ()
    exists: bool = False

    def layer(self, name: str) -> dict[str, Any]:
        """The known values of one layer, by noun."""
        return {str(place[2]): value for place, value in self.values.items() if place[:2] == ("layers", name)}


def read_known(folder: Path) -> Known:
    """Read the JSON of a dataset folder, if there is one; never raises."""
    path = folder / PROPERTIES_NAME
    try:
        mode = path.stat().st_mode
    except OSError:  # what is wrong with the folder or the link is told where it is listed
        return Known({})
    if not stat.S_ISREG(mode):
        problem = Problem(message=f"{path} is no file.", hint="Move it away; an import writes one.")
        return Known({}, problems=(problem,), exists=True)
    try:
        file = read_properties(folder)
    except DatasetNotFoundError:
        return Known({})
    except VoxshelfError as error:
        return Known({}, problems=(Problem(message=error.what, hint=error.hint),), exists=True)
    except OSError as error:
        problem = Problem(message=f"{folder / PROPERTIES_NAME} cannot be read: {error.strerror}.")
        return Known({}, problems=(problem,), exists=True)
    document = file.document if isinstance(file.document, dict) else {}
    values = dict(file.reading.values)
    other = {key: value for key, value in document.items() if key not in TOP_KEYS}
    if other:
        values["other",] = other
    names = []
    listed = document.get("dataLayers")
    for entry in listed if isinstance(listed, list) else []:
        name = entry.get("name") if isinstance(entry, dict) else None
        if not isinstance(name, str) or name in names:
            continue
        names.append(name)
        extra = {key: value for key, value in entry.items() if key not in LAYER_KEYS}
        if extra:
            values["layers", name, "other"] = extra
    return Known(values, tuple(names), file.reading.data_source, file.reading.problems, exists=True)
