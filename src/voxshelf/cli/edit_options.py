"""The options of ``voxshelf edit``: what each is called, and what its help says."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = [
    "AddLayer",
    "BoundingBox",
    "ComputeLargestSegmentId",
    "Description",
    "DisplayName",
    "Folder",
    "ForMe",
    "JsonFile",
    "LargestSegmentId",
    "LayerCategory",
    "Metadata",
    "NoTeam",
    "Owner",
    "Public",
    "PublicationDate",
    "RemoveLayer",
    "RemoveMetadata",
    "RenameLayer",
    "ResetView",
    "Team",
    "Unit",
    "View",
    "VoxelSize",
]

_Many = list[str] | None

DisplayName = Annotated[
    str | None, typer.Option(metavar="TEXT", help="How to call it; '' for its folder's name.")
]
Description = Annotated[
    str | None, typer.Option(metavar="TEXT", help="Markdown; @FILE reads a file, - the standard input.")
]
Folder = Annotated[
    str | None,
    typer.Option(metavar="FOLDER", help="Where it lies, such as Datasets/2026; '' for nowhere."),
]
Metadata = Annotated[
    _Many,
    typer.Option(
        metavar="KEY=VALUE",
        help="Add it, or change its value; may be repeated, as all that name a layer.",
    ),
]
RemoveMetadata = Annotated[_Many, typer.Option(metavar="KEY", help="Forget a key.")]
PublicationDate = Annotated[str | None, typer.Option(metavar="DATE", help="Such as 2026-12-01; '' for none.")]
Public = Annotated[bool | None, typer.Option("--public/--private", help="Whether everybody may look at it.")]
Team = Annotated[
    _Many, typer.Option(metavar="TEAM", help="All teams that may look at it: repeat it for each.")
]
NoTeam = Annotated[bool, typer.Option("--no-team", help="No team may look at it.")]
Owner = Annotated[str | None, typer.Option(metavar="USER", help="A user of its organization; '' for nobody.")]
VoxelSize = Annotated[str | None, typer.Option(metavar="X,Y,Z", help="Edges of one voxel: x,y,z.")]
Unit = Annotated[str | None, typer.Option(metavar="UNIT", help="Their unit; default the one it has.")]
BoundingBox = Annotated[_Many, typer.Option(metavar="LAYER=BOX", help="BOX is x,y,z,x_size,y_size,z_size.")]
LargestSegmentId = Annotated[_Many, typer.Option(metavar="LAYER=NUMBER", help="LAYER= for unknown.")]
ComputeLargestSegmentId = Annotated[
    bool,
    typer.Option(
        "--compute-largest-segment-id", help="Look for it in all voxels of all segmentation layers."
    ),
]
LayerCategory = Annotated[_Many, typer.Option(metavar="LAYER=CATEGORY", help="color or segmentation.")]
RenameLayer = Annotated[_Many, typer.Option(metavar="OLD=NEW", help="The files stay where they are.")]
RemoveLayer = Annotated[_Many, typer.Option(metavar="LAYER", help="Its files stay on the disk.")]
AddLayer = Annotated[
    _Many, typer.Option(metavar="LAYER", help="A folder of the dataset that is no layer yet.")
]
JsonFile = Annotated[
    str | None,
    typer.Option(metavar="FILE", help="The whole datasource-properties.json from a file, or -."),
]
View = Annotated[
    _Many,
    typer.Option(
        metavar="PLACE=VALUE",
        help="How it appears: zoom=2, layers.color.alpha=40; see voxshelf info --view.",
    ),
]
ResetView = Annotated[
    _Many, typer.Option(metavar="PLACE", help="Forget what was set for a place, or for 'all'.")
]
ForMe = Annotated[bool, typer.Option("--for-me", help="--view and --reset-view only for yourself.")]
