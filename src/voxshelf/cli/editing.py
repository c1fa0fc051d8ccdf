"""``voxshelf edit``: change data properties, details, permissions and the look of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.edit_steps import EditWishes, Step, plan_edits
from voxshelf.cli.finding import KeyArgument, find_key
from voxshelf.cli.printing import JsonOption, RootOption, print_json
from voxshelf.cli.telling_edits import EditsSince, print_edits
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore

__all__ = ["edit"]

_Many = list[str] | None


def edit(  # noqa: PLR0913 - one option per value that can be changed
    dataset: KeyArgument,
    *,
    root: RootOption = None,
    display_name: Annotated[
        str | None, typer.Option(metavar="TEXT", help="How to call it; '' for its folder's name.")
    ] = None,
    description: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Markdown; @FILE reads a file, - the standard input.")
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option(metavar="FOLDER", help="Where it lies, such as Datasets/2026; '' for nowhere."),
    ] = None,
    metadata: Annotated[
        _Many,
        typer.Option(
            metavar="KEY=VALUE",
            help="Add it, or change its value; may be repeated, as all that name a layer.",
        ),
    ] = None,
    remove_metadata: Annotated[_Many, typer.Option(metavar="KEY", help="Forget a key.")] = None,
    publication_date: Annotated[
        str | None, typer.Option(metavar="DATE", help="Such as 2026-12-01; '' for none.")
    ] = None,
    public: Annotated[
        bool | None, typer.Option("--public/--private", help="Whether everybody may look at it.")
    ] = None,
    team: Annotated[
        _Many, typer.Option(metavar="TEAM", help="All teams that may look at it: repeat it for each.")
    ] = None,
    no_team: Annotated[bool, typer.Option("--no-team", help="No team may look at it.")] = False,
    owner: Annotated[
        str | None, typer.Option(metavar="USER", help="A user of its organization; '' for nobody.")
    ] = None,
    voxel_size: Annotated[
        str | None, typer.Option(metavar="X,Y,Z", help="Edges of one voxel: x,y,z.")
    ] = None,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Their unit; default the one it has.")
    ] = None,
    bounding_box: Annotated[
        _Many, typer.Option(metavar="LAYER=BOX", help="BOX is x,y,z,x_size,y_size,z_size.")
    ] = None,
    largest_segment_id: Annotated[
        _Many, typer.Option(metavar="LAYER=NUMBER", help="LAYER= for unknown.")
    ] = None,
    compute_largest_segment_id: Annotated[
        bool,
        typer.Option(
            "--compute-largest-segment-id", help="Look for it in all voxels of all segmentation layers."
        ),
    ] = False,
    layer_category: Annotated[
        _Many, typer.Option(metavar="LAYER=CATEGORY", help="color or segmentation.")
    ] = None,
    rename_layer: Annotated[
        _Many, typer.Option(metavar="OLD=NEW", help="The files stay where they are.")
    ] = None,
    remove_layer: Annotated[_Many, typer.Option(metavar="LAYER", help="Its files stay on the disk.")] = None,
    add_layer: Annotated[
        _Many, typer.Option(metavar="LAYER", help="A folder of the dataset that is no layer yet.")
    ] = None,
    json_file: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="The whole datasource-properties.json from a file, or -."),
    ] = None,
    view: Annotated[
        _Many,
        typer.Option(
            metavar="PLACE=VALUE",
            help="How it appears: zoom=2, layers.color.alpha=40; see voxshelf info --view.",
        ),
    ] = None,
    reset_view: Annotated[
        _Many, typer.Option(metavar="PLACE", help="Forget what was set for a place, or for 'all'.")
    ] = None,
    for_me: Annotated[
        bool, typer.Option("--for-me", help="--view and --reset-view only for yourself.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Change what is known about a dataset, and tell what changed.

    What no option names stays. Every edit is in the history, and can be taken back: voxshelf history undo.
    """
    given = locals()
    wishes = EditWishes(**{name: given[name] for name in EditWishes.model_fields})
    with open_store(root) as store:
        key = find_key(store, dataset)
        steps = plan_edits(store, key, wishes)
        if not steps:
            raise typer.BadParameter("Name at least one value to change; see voxshelf edit --help.")
        _make(store, key, steps, for_me=for_me, as_json=as_json)


def _make(store: DatasetStore, key: str, steps: list[Step], *, for_me: bool, as_json: bool) -> None:
    """Make the edits one after the other; what was done before one of them failed is told too."""
    since = EditsSince(store, key)
    try:
        for step in steps:
            step()
    finally:
        entries = since.read()
        if not as_json:
            print_edits(entries)
    if as_json:
        described: dict[str, Any] = {"record": store.record(key), "edits": entries}
        print_json(described)
    elif for_me and not entries:
        typer.echo(f"{key}: what you set for yourself is kept.")
    else:
        typer.echo(f"{key} is {'changed' if entries else 'as it was: nothing to change'}.")
