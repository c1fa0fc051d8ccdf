"""Slicing: pure arithmetic from a view to a picture; numpy only, no widgets, no files.

The chain: a :class:`View` → :func:`plan` (which mag, which box) → :func:`read_plane` → :func:`render` (window,
colour, overlay). Beside it: :func:`histogram` and :func:`auto_window` for contrast, :func:`segment_colors` for ids.
"""

from voxshelf.slicing.intensities import Histogram, auto_window, histogram, value_limits
from voxshelf.slicing.looks import Look, levels, ramp
from voxshelf.slicing.planes import SMALLEST_ZOOM, Plane, Region, View, fit_zoom, plane_box, voxels_per_pixel
from voxshelf.slicing.planning import LARGEST_PICTURE, LARGEST_READ, Plan, plan, plan_region
from voxshelf.slicing.reading import Readable, missing_rects, read_plane
from voxshelf.slicing.render import color_picture, render
from voxshelf.slicing.segments import SegmentChoice, segment_colors, segment_palette

__all__ = [
    "LARGEST_PICTURE",
    "LARGEST_READ",
    "SMALLEST_ZOOM",
    "Histogram",
    "Look",
    "Plan",
    "Plane",
    "Readable",
    "Region",
    "SegmentChoice",
    "View",
    "auto_window",
    "color_picture",
    "fit_zoom",
    "histogram",
    "levels",
    "missing_rects",
    "plan",
    "plan_region",
    "plane_box",
    "ramp",
    "read_plane",
    "render",
    "segment_colors",
    "segment_palette",
    "value_limits",
    "voxels_per_pixel",
]
