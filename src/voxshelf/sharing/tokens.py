"""Tokens: secrets that are shown once and kept only as a hash.

A token reads ``vxs_<id>_<secret>``: the id (8 letters and digits) finds the record and is safe to show; the
secret is 256 random bits in base64url (43 characters). What is kept is the SHA-256 of the whole text. A slow
hash would buy nothing: nobody can guess 256 random bits, however fast each try is, and every request
would pay for it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import string
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

_ALPHABET = string.ascii_lowercase + string.digits
_ID_LENGTH = 8
_SECRET_BYTES = 32
_FORM = re.compile(r"vxs_([a-z0-9]{8})_[A-Za-z0-9_-]{43}", re.ASCII)
_NOBODYS_HASH = "0" * 64


class TokenRecord(BaseModel):
    """What is kept of a token.

    Parameters
    ----------
    id : str
        Finds it; 8 lower-case letters and digits.
    hash : str
        SHA-256 of the whole token, hexadecimal.
    prefix : str
        How it begins (``vxs_<id>``), for people who compare it with what they hold.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    hash: str = Field(repr=False)
    prefix: str


class MintedToken(NamedTuple):
    """A new token: ``secret`` goes to the person, once; ``record`` is kept."""

    secret: str
    record: TokenRecord

    def __repr__(self) -> str:
        return f"MintedToken({self.record.prefix}_…)"


def mint() -> MintedToken:
    """A new token of 256 random bits.

    Ids are random as well (41 bits): a table with a unique index mints again in the rare case that one is taken.
    """
    token_id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    prefix = f"vxs_{token_id}"
    secret = f"{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    return MintedToken(secret, TokenRecord(id=token_id, hash=_digest(secret), prefix=prefix))


def parse(presented: str) -> str | None:
    """The id in a presented token, or None where the text cannot be a token."""
    found = _FORM.fullmatch(presented)
    return found[1] if found else None


def verify(presented: str, record: TokenRecord | None) -> bool:
    """Whether ``presented`` is the token of ``record``, in a time that does not depend on how wrong it is.

    Parameters
    ----------
    presented : str
        Whatever came with the request: any text.
    record : TokenRecord or None
        What was found under its id. None costs the same time, so that nobody learns which ids exist.
    """
    kept = _NOBODYS_HASH if record is None else record.hash
    equal = hmac.compare_digest(_digest(presented).encode("ascii"), kept.encode("utf-8", "surrogatepass"))
    return equal and record is not None


def redact(text: str) -> str:
    """The text with the secret part of every token in it blotted out, for logs."""
    return _FORM.sub(lambda found: f"vxs_{found[1]}_…", text)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
