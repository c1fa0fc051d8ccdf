"""Layers that lie in the dataset's folder and that its JSON does not name: found aside, to be added. No browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import traitlets

from voxshelf.errors import VoxshelfError
from voxshelf.model import Proposal
from voxshelf.widgets.data_fields import draft_of
from voxshelf.widgets.theme import Message

if TYPE_CHECKING:
    from voxshelf.widgets.edit_tabs.data import DataSection


class MoreLayers(traitlets.HasTraits):
    """Looks for layers to add.

    Parameters
    ----------
    section : DataSection
        To which they are added.
    """

    names = traitlets.Tuple(help="Layers that were found and are not in the JSON.")
    looking = traitlets.Bool(False)

    def __init__(self, section: DataSection) -> None:
        super().__init__()
        self._section = section
        self._proposal = Proposal(name=section.key, findings=())

    def look(self) -> None:
        """Look into the folder, aside."""
        if not self.looking:
            self.looking = True
            self._section.message = Message("Looking into the folder …")
            self._section.aside.run(f"more layers of {self._section.key}", self._look)

    def add(self, name: str) -> None:
        """Add one of the layers that were found."""
        findings = tuple(
            finding
            for finding in self._proposal.findings
            if finding.place[:2] == ("layers", name) or finding.place == ("voxel_size",)
        )
        found = draft_of(Proposal(name=self._proposal.name, findings=findings, base=self._proposal.base))
        self._section.add_layer(found.layer(name))
        self.names = tuple(other for other in self.names if other != name)

    def _look(self) -> None:
        try:
            self._proposal = self._section.store.propose_import(self._section.key)
        except (VoxshelfError, OSError) as error:
            self._section.message = Message.of_error(error, doing="Looking into the folder")
            return
        finally:
            self.looking = False
        present = {layer.present_name for layer in self._section.layers}
        present |= {layer.name for layer in self._section.layers}
        self.names = tuple(name for name in self._proposal.layer_names if name not in present)
        count = len(self.names)
        found = (
            f"Found {', '.join(self.names)}."
            if count
            else "There is no layer in the folder that is not listed here."
        )
        hint = (
            "Choose one to add it."
            if count
            else "Put its folder with header.wkw files beside the others first."
        )
        self._section.message = Message(found, "info", hint)
