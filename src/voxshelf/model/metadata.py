"""Key/value metadata of datasets and folders: ``MetadataEntry``.

As JSON an entry is ``{"key": …, "type": "string" | "number" | "string[]", "value": …}``; a key occurs once.
"""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StrictFloat, StrictInt, StrictStr, model_validator

from voxshelf.model.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

MetadataValue: TypeAlias = StrictStr | StrictInt | StrictFloat | tuple[StrictStr, ...]
MetadataType: TypeAlias = Literal["string", "number", "string[]"]

_FITTING: dict[str, Any] = {"string": str, "number": (int, float), "string[]": tuple}


class MetadataEntry(BaseModel):
    """One key with its value.

    Parameters
    ----------
    key : str
        Not empty.
    type : {"string", "number", "string[]"}
        Of the value.
    value : str, number or tuple of str
        A finite number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(min_length=1, max_length=200)]
    type: MetadataType
    value: MetadataValue

    @classmethod
    def of(cls, key: str, value: str | float | Iterable[str]) -> Self:
        """The entry whose type follows from the value."""
        if isinstance(value, str):
            return cls(key=key, type="string", value=value)
        if isinstance(value, int | float):
            return cls(key=key, type="number", value=value)
        return cls(key=key, type="string[]", value=tuple(value))

    @model_validator(mode="after")
    def _check_type(self) -> Self:
        fits = _FITTING[self.type]
        if not isinstance(self.value, fits) or (
            isinstance(self.value, float) and not math.isfinite(self.value)
        ):
            raise ValueError(f"{self.value!r} is not of type {self.type}")
        return self


def check_metadata(entries: Iterable[MetadataEntry]) -> tuple[Problem, ...]:
    """What is wrong with a list of entries: keys that come twice."""
    counts = Counter(entry.key for entry in entries)
    return tuple(
        Problem(
            place=("metadata", key),
            message=f"The key {key!r} occurs {count} times.",
            hint="Give each value a key of its own, or make one list of them (type string[]).",
        )
        for key, count in counts.items()
        if count > 1
    )
