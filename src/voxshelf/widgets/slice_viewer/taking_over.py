"""The same dataset, changed: a viewer takes over another handle of it and goes on where it was.

Layers that stay keep their look, also under another name; what was chosen of a layer that is gone is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voxshelf.model import Category, ElementClass, VoxelSize
from voxshelf.widgets.slice_viewer.layer_state import LayerState
from voxshelf.widgets.slice_viewer.place import around

if TYPE_CHECKING:
    from voxshelf.widgets.slice_viewer.state import ViewerState


@dataclass(frozen=True)
class Snapshot:
    """What a dataset was when it was looked at: a handle goes with its dataset and forgets that.

    Parameters
    ----------
    voxel_size : VoxelSize or None
        Of a Mag-1 voxel.
    layers : dict
        Name → what makes the layer, by its name in words.
    """

    voxel_size: VoxelSize | None
    layers: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, dataset: Any) -> Snapshot:
        """Look at a dataset now."""
        return cls(dataset.voxel_size, {name: _parts(layer) for name, layer in dataset.layers.items()})

    def differences(self, after: Snapshot) -> tuple[str, ...]:
        """What is otherwise later on, in a few words each."""
        told = [] if self.voxel_size == after.voxel_size else ["voxel size"]
        renamed = self.renamed(after)
        gone = [name for name in self.layers if name not in after.layers and name not in renamed.values()]
        told += [f"layer {name} removed" for name in gone]
        for name, parts in after.layers.items():
            if name in renamed:
                told.append(f"layer {renamed[name]} is now {name}")
            elif name not in self.layers:
                told.append(f"layer {name} added")
            else:
                told += [f"{what} of {name}" for what in parts if parts[what] != self.layers[name][what]]
        return tuple(told)

    def renamed(self, after: Snapshot) -> dict[str, str]:
        """New name → old name of layers that have another name later on and are the same in all else."""
        gone = {name: parts for name, parts in self.layers.items() if name not in after.layers}
        new = {name: parts for name, parts in after.layers.items() if name not in self.layers}
        found = {name: [old for old, known in gone.items() if known == parts] for name, parts in new.items()}
        alone = {name: old[0] for name, old in found.items() if len(old) == 1}
        return {name: old for name, old in alone.items() if list(alone.values()).count(old) == 1}


def take_over(state: ViewerState, dataset: Any) -> tuple[LayerState, ...]:
    """Make a viewer's state one of ``dataset``; answers the layers that are new in it.

    Where one looks stays, within the new volume.
    """
    shown = Snapshot.of(dataset)
    renamed = state.shown.renamed(shown)
    layers, new = {}, []
    for name, layer in dataset.layers.items():
        known = state.layers.get(renamed.get(name, name))
        if known is None or not _is_same_kind(known, layer):
            known = LayerState(name, layer)
            new.append(known)
        known.name, known.layer = name, layer
        layers[name] = known
    names = {old: name for name, old in renamed.items()}
    state.touched = {
        (*place[:1], *(names.get(str(name), name) for name in place[1:2]), *place[2:]): edit
        for place, edit in state.touched.items()
    }
    state.dataset, state.layers, state.shown = dataset, layers, shown
    was_empty = state.bounding_box.is_empty
    state.bounding_box = around(layer.bounding_box for layer in dataset.layers.values())
    state.voxel_size = dataset.voxel_size or VoxelSize((1, 1, 1))
    state.has_units = dataset.voxel_size is not None
    state.physical = state.physical and state.has_units
    state.go_to(state.bounding_box.center if was_empty else state.center)
    if state.active not in layers or not layers[state.active].is_color:
        state.active = next((name for name, layer in layers.items() if layer.is_color), "")
    return tuple(new)


def _is_same_kind(known: LayerState, layer: Any) -> bool:
    """Whether a look of the one means something for the other."""
    kind = ElementClass.from_dtype(layer.dtype, int(layer.num_channels))
    return (known.category, known.element_class) == (Category(layer.category), kind)


def _parts(layer: Any) -> dict[str, Any]:
    return {
        "category": Category(layer.category),
        "element class": (layer.dtype, int(layer.num_channels)),
        "bounding box": layer.bounding_box,
        "mags": sorted(map(str, layer.mags)),
        "further axes": tuple(getattr(layer, "additional_axes", ())),
    }
