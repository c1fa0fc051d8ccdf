"""A data source made of a proposal in which values are still missing. Pure: nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from voxshelf.model import BoundingBox, Category, DataSource, ElementClass, LayerProperties, VoxelSize

if TYPE_CHECKING:
    from voxshelf.model import Proposal

# Stand for missing values while the document is built; they are null before anybody sees it.
_STAND_INS: dict[str, Any] = {
    "category": Category.COLOR,
    "element_class": ElementClass.UINT8,
    "bounding_box": BoundingBox((0, 0, 0), (1, 1, 1)),
}


def draft_of(proposal: Proposal) -> DataSource:
    """The proposed data source, with stand-ins for what is missing and the unknown keys of an existing JSON."""
    values = proposal.values
    layers = []
    for name in proposal.layer_names:
        members = {str(place[2]): value for place, value in values.items() if place[:2] == ("layers", name)}
        layers.append(LayerProperties(**{"name": name, **_STAND_INS, **_kept(proposal, name), **members}))
    voxel_size = values.get(("voxel_size",), VoxelSize((1, 1, 1)))
    base = proposal.base or DataSource(voxel_size=voxel_size, layers=())
    update: dict[str, Any] = {"voxel_size": voxel_size, "layers": tuple(layers)}
    for noun in ("id", "default_view_configuration"):
        if (noun,) in values:
            update[noun] = values[noun,]
    return base.model_copy(update=update)


def _kept(proposal: Proposal, name: str) -> dict[str, Any]:
    """What an existing JSON says of a layer beyond the proposed values."""
    known = {layer.name: layer for layer in proposal.base.layers} if proposal.base else {}
    if name not in known:
        return {}
    kept = ("other", "default_view_configuration", "additional_axes")
    return {noun: getattr(known[name], noun) for noun in kept}
