"""``voxshelf link``: links that let others look at one dataset, without an account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from voxshelf.cli.deferred import subcommands
from voxshelf.cli.finding import KeyArgument, find_key
from voxshelf.cli.printing import JsonOption, RootOption, moment_text, print_json, print_table
from voxshelf.model import UNSET
from voxshelf.wiring import open_store

if TYPE_CHECKING:
    from voxshelf.model import Link, NewLink

__all__ = ["app"]

app = subcommands("Links that let others look at one dataset.")

_LinkArgument = Annotated[str, typer.Argument(metavar="LINK", help="Its id, from: voxshelf link list.")]
_Expires = Annotated[
    str | None,
    typer.Option(help="When it stops to work: '7 days', Friday, 2026-12-01, never."),
]


@app.command("create")
def create(
    dataset: KeyArgument,
    *,
    root: RootOption = None,
    label: Annotated[str, typer.Option(help="Whom or what it is for.")] = "",
    expires: _Expires = None,
    position: Annotated[str | None, typer.Option(help="What is shown first: x,y,z.")] = None,
    zoom: Annotated[float | None, typer.Option(help="Voxels per screen pixel.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Make a link. Its token is shown this once: only a hash of it is kept."""
    view: dict[str, Any] = {}
    if position is not None:
        view["position"] = _position(position)
    if zoom is not None:
        view["zoom"] = zoom
    with open_store(root) as store:
        link = store.create_link(find_key(store, dataset), label=label, expires=expires, view=view or None)
    _tell_new(link, as_json=as_json)


@app.command("list")
def list_links(dataset: KeyArgument, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """List the links to a dataset, the newest first."""
    with open_store(root) as store:
        key = find_key(store, dataset)
        links = store.links(key)
    if as_json:
        print_json([link.model_dump(mode="json") | {"state": link.state().value} for link in links])
    elif links:
        print_table(
            ("LINK", "STATE", "EXPIRES", "USED", "LAST USED", "LABEL"), [_row(link) for link in links]
        )
    else:
        typer.echo(f"There is no link to {key}: voxshelf link create {key}.")


@app.command("revoke")
def revoke(link: _LinkArgument, *, root: RootOption = None, as_json: JsonOption = False) -> None:
    """Take a link back: it stops to work at once."""
    with open_store(root) as store:
        revoked = store.revoke_link(link)
    if as_json:
        print_json(revoked)
    else:
        typer.echo(f"The link {revoked.title!r} to {revoked.dataset} no longer works.")


@app.command("renew")
def renew(
    link: _LinkArgument, *, root: RootOption = None, expires: _Expires = None, as_json: JsonOption = False
) -> None:
    """Revoke a link and make another one of the same label and view; its token is shown this once."""
    with open_store(root) as store:
        fresh = store.renew_link(link, expires=UNSET if expires is None else expires)
    _tell_new(fresh, as_json=as_json)


def _tell_new(link: NewLink, *, as_json: bool) -> None:
    if as_json:
        print_json(link)
        return
    until = moment_text(link.expires, none="somebody revokes it")
    typer.echo(f"Link {link.id} to {link.dataset}, until {until}. This is shown once:")
    if link.url:
        typer.echo(f"  {link.url}")
        return
    typer.echo(f"  {link.token}")
    typer.echo(
        "No server shows this store (VOXSHELF_PUBLIC_URL is not set). Whoever can open its folder writes:"
    )
    typer.echo(f'  store.with_link("…")["{link.dataset}"]')


def _row(link: Link) -> tuple[str, ...]:
    return (
        link.id,
        link.state().value,
        moment_text(link.expires, none="never"),
        str(link.use_count),
        moment_text(link.last_used, none="never"),
        link.label,
    )


def _position(text: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 3:
        raise typer.BadParameter(f"--position {text!r}: write three numbers x,y,z.")
    return numbers
