"""A drop-down list whose options change."""

from __future__ import annotations

from typing import Any

import pytest

from voxshelf.widgets.drafts import Choice


@pytest.fixture
def chosen() -> list[Any]:
    return []


@pytest.fixture
def choice(chosen: list[Any]) -> Choice:
    choice = Choice(chosen.append)
    choice.offer([("One", 1), ("Two", 2)], 1)
    return choice


def test_other_options_are_nobodys_choice(choice: Choice, chosen: list[Any]) -> None:
    choice.offer([("Three", 3)], 3)
    assert (choice.value, chosen) == (3, [])


def test_what_a_person_chooses_is_told(choice: Choice, chosen: list[Any], front_end: Any) -> None:
    front_end(choice).state(index=1)
    assert chosen == [2]


def test_a_value_that_is_no_option_is_shown_as_it_is(choice: Choice) -> None:
    choice.offer([("One", 1)], "other")
    assert choice.label == "other"


def test_of_other_options_the_first_is_chosen_unless_the_old_one_is_among_them(choice: Choice) -> None:
    choice.offer_any([("Zero", 0), ("One", 1)])
    assert choice.value == 1
    choice.offer_any([("Three", 3), ("Four", 4)])
    assert choice.value == 3
    choice.offer_any([])
    assert choice.value is None
