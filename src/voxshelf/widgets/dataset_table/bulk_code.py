"""The Python that does the same as an action on several datasets. Pure: texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.widgets.theme import call, literal

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence


def tag(keys: Sequence[str], add: Collection[str], remove: Collection[str]) -> str:
    """Tags are given as a whole, so what is there is read first."""
    tags = "{*store.record(key).tags"
    tags += f", {', '.join(literal(entry) for entry in add)}}}" if add else "}"
    if remove:
        tags += f" - {{{', '.join(literal(entry) for entry in remove)}}}"
    return _each(keys, f"store.update_details(key, tags={tags})")


def move(keys: Sequence[str], folder: str) -> str:
    """A folder's path is the same for all."""
    return _each(keys, f"store.update_details(key, folder={literal(folder)})")


def share(keys: Sequence[str], give: str, take: str, *, is_public: bool | None) -> str:
    """Only what changes is passed."""
    parts = []
    if give or take:
        teams = "{*store.record(key).teams" + (f", {literal(give)}}}" if give else "}")
        parts.append(f"teams={teams}" + (f" - {{{literal(take)}}}" if take else ""))
    if is_public is not None:
        parts.append(f"is_public={is_public}")
    return _each(keys, f"store.update_permissions(key, {', '.join(parts)})")


def delete(keys: Sequence[str]) -> str:
    """All or none."""
    return call("store.delete", keys[0] if len(keys) == 1 else list(keys))


def restore(entries: Sequence[str]) -> str:
    """One call per entry of the trash."""
    return "\n".join(call("store.restore", entry) for entry in entries)


def _each(keys: Sequence[str], line: str) -> str:
    if len(keys) == 1:
        return line.replace("(key", f"({literal(keys[0])}")
    return f"for key in {literal(list(keys))}:\n    {line}"
