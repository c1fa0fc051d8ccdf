"""Commands that are loaded when they are run: ``voxshelf --help`` lists them without importing any of them."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Deferred", "subcommands"]


class Deferred(TyperCommand):
    """Stands for a command until it is run.

    Parameters
    ----------
    name : str
        As it is typed.
    target : str
        ``module:name`` of a function, or of a :class:`typer.Typer` with subcommands.
    summary : str
        The line in the list of commands; the first one of the target's own help.
    settings : dict, optional
        Of its context, as :meth:`typer.Typer.command` takes them.
    """

    def __init__(self, name: str, target: str, summary: str, settings: dict[str, Any] | None = None) -> None:
        super().__init__(name, help=summary, add_help_option=False, rich_markup_mode=None)
        self._target = target
        self._settings = settings

    def make_context(self, info_name: Any, args: Any, parent: Any = None, **extra: Any) -> Any:
        """Parse the arguments as the real command does, which is run in this one's place."""
        return self.load().make_context(info_name, args, parent, **extra)

    def load(self) -> Any:
        """The real command."""
        module, _, name = self._target.partition(":")
        target: Callable[..., Any] | typer.Typer = getattr(import_module(module), name)
        if not isinstance(target, typer.Typer):
            alone = typer.Typer(add_completion=False, rich_markup_mode=None)
            alone.command(self.name, context_settings=self._settings)(target)
            target = alone
        return get_command(target)


def subcommands(summary: str, **options: Any) -> typer.Typer:
    """An empty group of subcommands, such as ``voxshelf tag``."""
    return typer.Typer(
        help=summary, no_args_is_help=True, add_completion=False, rich_markup_mode=None, **options
    )
