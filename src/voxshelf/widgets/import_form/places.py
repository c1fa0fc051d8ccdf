"""From places in ``datasource-properties.json`` to places among the nouns, where the form's fields are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voxshelf.model import Place

_NOUNS = {
    "category": "category",
    "elementClass": "element_class",
    "boundingBox": "bounding_box",
    "largestSegmentId": "largest_segment_id",
    "mags": "mags",
    "wkwResolutions": "mags",
    "numChannels": "num_channels",
    "name": "name",
}


def noun_place(place: Place, layer_names: Sequence[str]) -> Place:
    """``("dataLayers", 0, "boundingBox", "width")`` → ``("layers", "color", "bounding_box")``.

    Parameters
    ----------
    place : tuple of str and int
        In the document, or among the nouns already (then it comes back as it is).
    layer_names : sequence of str
        The document's layers in order.

    Returns
    -------
    tuple
        ``()`` where the form has nothing of that kind.
    """
    if place[:1] == ("scale",):
        return ("voxel_size",)
    if place[:1] != ("dataLayers",) or len(place) < 2:
        return place if place[:1] in (("layers",), ("voxel_size",)) else ()
    index = place[1]
    if not isinstance(index, int) or index >= len(layer_names):
        return ()
    noun = _NOUNS.get(str(place[2])) if len(place) > 2 else None
    name = layer_names[index]
    return ("layers", name, noun) if noun else ("layers", name)
