"""``voxshelf edit``: change data properties, details, permissions and the look of a dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from voxshelf.cli import edit_options as options  # noqa: TC001 - typer reads annotations when it runs
from voxshelf.cli.edit_steps import EditWishes, Step, plan_edits
from voxshelf.cli.finding import KeyArgument, find_key
from voxshelf.cli.printing import JsonOption, RootOption, print_json
from voxshelf.cli.telling_edits import EditsSince, print_edits
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.store import DatasetStore

__all__ = ["edit"]


def edit(  # noqa: PLR0913 - one option per value that can be changed
    dataset: KeyArgument,
    *,
    root: RootOption = None,
    display_name: options.DisplayName = None,
    description: options.Description = None,
    folder: options.Folder = None,
    metadata: options.Metadata = None,
    remove_metadata: options.RemoveMetadata = None,
    publication_date: options.PublicationDate = None,
    public: options.Public = None,
    team: options.Team = None,
    no_team: options.NoTeam = False,
    owner: options.Owner = None,
    voxel_size: options.VoxelSize = None,
    unit: options.Unit = None,
    bounding_box: options.BoundingBox = None,
    largest_segment_id: options.LargestSegmentId = None,
    compute_largest_segment_id: options.ComputeLargestSegmentId = False,
    layer_category: options.LayerCategory = None,
    rename_layer: options.RenameLayer = None,
    remove_layer: options.RemoveLayer = None,
    add_layer: options.AddLayer = None,
    json_file: options.JsonFile = None,
    view: options.View = None,
    reset_view: options.ResetView = None,
    for_me: options.ForMe = False,
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
