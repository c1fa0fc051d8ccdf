"""Tokens are random, shown once and kept as a hash."""

from __future__ import annotations

import hashlib
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voxshelf.sharing import mint, parse, redact, verify


def test_a_token_has_the_announced_form() -> None:
    assert re.fullmatch(r"vxs_[a-z0-9]{8}_[A-Za-z0-9_-]{43}", mint().secret)


def test_a_token_is_its_own_key() -> None:
    secret, record = mint()
    assert parse(secret) == record.id
    assert verify(secret, record)


def test_the_record_keeps_the_hash_of_the_whole_token_and_nothing_of_the_secret() -> None:
    secret, record = mint()
    assert record.hash == hashlib.sha256(secret.encode()).hexdigest()
    assert record.prefix == secret[:12]
    assert secret[13:] not in record.model_dump_json()


def test_neither_a_minted_token_nor_its_record_prints_what_is_secret() -> None:
    minted = mint()
    assert minted.secret[13:] not in f"{minted!r} {minted}"
    assert minted.record.hash not in repr(minted.record)


def test_a_thousand_tokens_are_all_different() -> None:
    minted = [mint() for _ in range(1000)]
    assert len({token.secret for token in minted}) == len({token.record.hash for token in minted}) == 1000


def test_the_token_of_another_record_is_refused() -> None:
    assert not verify(mint().secret, mint().record)


def test_a_token_with_one_character_changed_is_refused() -> None:
    secret, record = mint()
    for place in range(len(secret)):
        other = "x" if secret[place] != "x" else "y"
        assert not verify(secret[:place] + other + secret[place + 1 :], record)


def test_without_a_record_nothing_is_verified() -> None:
    assert not verify(mint().secret, None)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(st.text(alphabet=st.characters(), max_size=80))
def test_any_text_may_be_presented(text: str) -> None:
    assert not verify(text, mint().record)
    assert parse(text) is None


@pytest.mark.parametrize(
    "text", ["\ud800", "vxs_abcd1234_" + "é" * 43, "vxs_" + "\u0661" * 8 + "_" + "A" * 43]
)
def test_text_that_is_not_ascii_is_refused_without_an_error(text: str) -> None:
    assert not verify(text, mint().record)
    assert parse(text) is None


@pytest.mark.parametrize(
    "change", [str.upper, lambda text: text + "\n", lambda text: " " + text, lambda text: text[:-1]]
)
def test_only_the_exact_form_is_parsed(change: object) -> None:
    assert parse(change("vxs_abcd1234_" + "aB-_" * 10 + "xyz")) is None


def test_a_log_line_keeps_ids_and_loses_secrets() -> None:
    secret, record = mint()
    line = f"GET /shared/{secret}/color/1 200; other {secret}"
    assert redact(line) == f"GET /shared/{record.prefix}_…/color/1 200; other {record.prefix}_…"
