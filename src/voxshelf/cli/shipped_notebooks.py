"""The notebooks that come with voxshelf: within the installed package, or in the checkout that it is loaded from."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path


def shipped_notebooks() -> dict[str, Path]:
    """The notebooks by file name; empty where voxshelf was installed without them."""
    package = Path(str(files("voxshelf")))
    places = (package / "notebooks", package.parent.parent / "notebooks")
    found = (sorted(place.glob("*.ipynb")) for place in places)
    return {notebook.name: notebook for notebook in next(filter(None, found), [])}
