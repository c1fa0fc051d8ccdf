"""What the reader and its kernels agree on: places in the plan and in the progress, and kinds of failure.

Words used here: an *item* is one block that a request touches, numbered x fastest; the *plan* says in plain
numbers what is requested of one file; a *page* is a run of a block's z-planes, the unit that the block cache
keeps; *staged* bytes were fetched into memory by Python, because there is no descriptor to read from.
"""

from __future__ import annotations

__all__: list[str] = []

# Places in the plan: the file. A negative descriptor means that bytes are staged at the address ``MEMORY``.
DESCRIPTOR, MEMORY, FILE_BYTES, TABLE_OFFSET, DATA_OFFSET, IS_COMPRESSED = 0, 1, 2, 3, 4, 5
BLOCK_LEN, VOXEL_BYTES = 6, 7
# Places in the plan: the box. The first of three numbers each: its corners in voxels from the file's corner,
# and in blocks the position of its first block and its extent; x, y, z.
LOWER, UPPER, FIRST_BLOCK, BLOCKS = 8, 11, 14, 17
# Places in the plan: the output. The address of the box's first voxel, bytes from y to y and from z to z, and
# whether it is so large that it should be written past the processor's caches.
OUT, STEP_Y, STEP_Z, IS_LARGE = 20, 21, 22, 23
# Places in the plan: the work. How many items, how many to draw at once, bytes of room for what is fetched.
TOTAL, AT_ONCE, ROOM = 24, 25, 26
# Places in the plan: the cache. The number that the file goes by, planes and bytes of a page, the first page
# that is kept of each item, how many pages (0: no cache), and the address of the cache's first slot.
FILE_NUMBER, PAGE_PLANES, PAGE_BYTES, FIRST_PAGE, PAGES, ARENA = 27, 28, 29, 30, 31, 32
PLAN_LENGTH = 33

# Blocks of more bytes are decoded through a window of so many bytes; their input comes in pieces of so many.
LARGE_BLOCK, WINDOW_ROOM, INPUT_ROOM = 4 * 1024 * 1024, 1024 * 1024, 256 * 1024

# Places in the progress, which the threads of a request share.
NEXT, STATUS, FAILED_ITEM = 0, 1, 2
PROGRESS_LENGTH = 3

# Kinds of failure, as they stand in STATUS.
READ_FAILED, TRUNCATED, BAD_TABLE, BAD_BLOCK = 1, 2, 3, 4
