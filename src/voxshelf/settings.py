"""What the surroundings say: environment variables that begin with ``VOXSHELF_``.

========================  =======================================================================
``VOXSHELF_ROOT``         the folder that holds ``<organization>/<dataset>``; default ``~/voxshelf-data``
``VOXSHELF_URL``          a store's server, instead of a folder
``VOXSHELF_TOKEN``        the token for that server
``VOXSHELF_CATALOG_URL``  the catalog's database; default a file in the root
``VOXSHELF_ORGANIZATION`` where new datasets go that name no organization; default ``samples``
``VOXSHELF_SAMPLES_URL``  where published sample datasets are downloaded from
``VOXSHELF_PUBLIC_URL``   the address under which a service shows links of the store; default none
``VOXSHELF_ALLOWED_ROOTS`` folders that symbolic links may lead to, parted as in ``PATH``; default anywhere
========================  =======================================================================

Only :mod:`voxshelf.wiring` reads them; everything else takes arguments.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """The settings, read when an instance is made.

    Parameters
    ----------
    root : Path
        The folder of all datasets; ``~`` is resolved.
    url : str or None
        A store's server; it wins over ``root``.
    token : SecretStr or None
        For that server; never printed.
    catalog_url : str or None
        A SQLAlchemy URL.
    organization : str
        Where a dataset goes that names none.
    samples_url : str or None
        The base address of published samples; None = where they were published.
    public_url : str
        Where links of the store lead; empty where no service shows them.
    allowed_roots : tuple of Path or None
        Where symbolic links may lead; None = anywhere.
    """

    model_config = SettingsConfigDict(
        env_prefix="VOXSHELF_", env_ignore_empty=True, extra="ignore", frozen=True
    )

    root: Path = Path("~/voxshelf-data")
    url: str | None = None
    token: SecretStr | None = None
    catalog_url: str | None = None
    organization: str = "samples"
    samples_url: str | None = None
    public_url: str = ""
    allowed_roots: Annotated[tuple[Path, ...] | None, NoDecode] = None

    @field_validator("root")
    @classmethod
    def _resolve_home(cls, value: Path) -> Path:
        return value.expanduser()

    @field_validator("allowed_roots", mode="before")
    @classmethod
    def _split_roots(cls, value: Any) -> Any:
        return tuple(part for part in value.split(os.pathsep) if part) if isinstance(value, str) else value

    @field_validator("organization")
    @classmethod
    def _check_organization(cls, value: str) -> str:
        if value.startswith(".") or "/" in value or "\\" in value:
            raise ValueError("an organization is a folder's name: no slashes, no leading dot")
        return value
