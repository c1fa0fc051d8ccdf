from __future__ import annotations

from typing import TYPE_CHECKING

from voxshelf.formats.bytes import LocalFile
from voxshelf.formats.wkw import WkwHeader
from voxshelf.formats.wkw.block_cache import SLOT_BYTES, BlockCache
from voxshelf.formats.wkw.cube_file import CubeFile
from voxshelf.formats.wkw.reading import Target, _Request

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from conftest import HandMade

    Make = Callable[..., HandMade]

NOWHERE = Target(0, 0, 0)
SMALL = 64 * SLOT_BYTES


def request(made: HandMade, lower: tuple[int, int, int], upper: tuple[int, int, int]) -> np.ndarray:  # type: ignore[type-arg]
    cube = CubeFile(LocalFile(str(made.path)), WkwHeader.read(made.path))
    return _Request(cube, lower, upper, NOWHERE).plan


def claimed(cache: BlockCache, plan: np.ndarray) -> list[int]:  # type: ignore[type-arg]
    """What a request that succeeds is told: slots × 2, plus 1 where it fills; negative where it does not."""
    claim = cache.claim(plan)
    assert claim is not None
    cache.release(claim, are_filled=True)
    return claim.pages.tolist()


def test_a_page_is_kept_when_it_is_missed_for_the_second_time(hand_made: Make) -> None:
    cache, plan = BlockCache(SMALL), request(hand_made(), (0, 0, 0), (16, 16, 1))
    assert claimed(cache, plan) == [-1] * 4
    filled = claimed(cache, plan)
    assert all(entry & 1 for entry in filled)
    assert claimed(cache, plan) == [entry - 1 for entry in filled]


def test_a_claim_tells_how_many_pages_are_still_to_be_decoded(hand_made: Make) -> None:
    cache, made = BlockCache(SMALL), hand_made(blocks=4)
    cube = CubeFile(LocalFile(str(made.path)), WkwHeader.read(made.path))
    part = _Request(cube, (0, 0, 0), (16, 8, 1), NOWHERE).plan
    claimed(cache, part)
    claimed(cache, part)
    counts = []
    for width in (16, 24, 32):
        plan = _Request(cube, (0, 0, 0), (width, 8, 1), NOWHERE).plan
        claim = cache.claim(plan)
        assert claim is not None
        counts.append(claim.to_decode)
        cache.release(claim, are_filled=False)
    assert counts == [0, 1, 2]


def test_a_page_next_to_a_kept_one_is_kept_at_once(hand_made: Make) -> None:
    cache, made = BlockCache(SMALL), hand_made()
    cube = CubeFile(LocalFile(str(made.path)), WkwHeader.read(made.path))
    below = _Request(cube, (0, 0, 0), (8, 8, 1), NOWHERE).plan
    claimed(cache, below)
    claimed(cache, below)
    above = _Request(cube, (0, 0, 8), (8, 8, 9), NOWHERE).plan
    assert claimed(cache, above)[0] & 1


def test_a_request_that_fails_leaves_nothing_behind(hand_made: Make) -> None:
    cache, plan = BlockCache(SMALL), request(hand_made(), (0, 0, 0), (8, 8, 1))
    claimed(cache, plan)
    claim = cache.claim(plan)
    assert claim is not None
    cache.release(claim, are_filled=False)
    assert claimed(cache, plan)[0] & 1


def test_a_page_that_somebody_fills_is_not_read_yet(hand_made: Make) -> None:
    cache, plan = BlockCache(SMALL), request(hand_made(), (0, 0, 0), (8, 8, 1))
    claimed(cache, plan)
    filling = cache.claim(plan)
    assert filling is not None
    assert claimed(cache, plan)[0] < 0
    cache.release(filling, are_filled=True)
    assert claimed(cache, plan) == [filling.pages[0] - 1]


def test_a_request_for_more_than_half_of_the_cache_goes_round_it(hand_made: Make) -> None:
    plan = request(hand_made(blocks=4), (0, 0, 0), (32, 32, 32))
    assert BlockCache(SMALL).claim(plan) is None


def test_pages_in_use_are_not_thrown_out(hand_made: Make) -> None:
    cache = BlockCache(0)  # the least that a cache has: one group of 32 slots
    mine = request(hand_made(name="mine"), (0, 0, 0), (16, 16, 1))
    claimed(cache, mine)
    claimed(cache, mine)
    held = cache.claim(mine)
    assert held is not None
    for number in range(12):
        other = request(hand_made(name=f"other{number}"), (0, 0, 0), (16, 16, 1))
        claimed(cache, other)
        assert not set(held.pages.tolist()) & {entry & ~1 for entry in claimed(cache, other)}
    cache.release(held, are_filled=True)
    assert claimed(cache, mine) == held.pages.tolist()


def test_clearing_does_not_disturb_who_reads(hand_made: Make) -> None:
    cache, plan = BlockCache(SMALL), request(hand_made(), (0, 0, 0), (8, 8, 1))
    claimed(cache, plan)
    claim = cache.claim(plan)
    assert claim is not None
    cache.clear()
    cache.release(claim, are_filled=True)
    assert claimed(cache, plan) == [-1]
