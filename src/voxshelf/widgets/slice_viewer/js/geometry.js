/**
 * Planes, zoom and screen positions: the browser's half of `voxshelf.slicing.planes`, with the same words.
 *
 * A *view* is `{plane, panes, center: [x, y, z], zoom, screen: [width, height], physical}`; `zoom` null means "fit the
 * whole volume". With four panes, `plane` is the one used last, and all planes have one zoom. A *source* is what the kernel tells about the dataset: `{box: [x, y, z, sx, sy, sz], voxelSize, unit, …}`.
 */

export const AXES = { XY: [0, 1, 2], XZ: [0, 2, 1], YZ: [2, 1, 0] };
export const AXIS_NAMES = ["x", "y", "z"];
export const SMALLEST_ZOOM = 0.005;

export const clamp = (value, low, high) => Math.min(Math.max(value, low), Math.max(low, high));

/** The zoom at which the whole volume fits; see `fit_zoom` in Python. */
export function fitZoom(view, source) {
  const [u, v] = AXES[view.plane];
  const { box, voxelSize } = source;
  const edge = Math.min(...voxelSize);
  const wide = (box[3 + u] * voxelSize[u]) / edge / Math.max(view.screen[0], 1);
  const high = (box[3 + v] * voxelSize[v]) / edge / Math.max(view.screen[1], 1);
  return box[3] * box[4] * box[5] ? Math.max(wide, high, SMALLEST_ZOOM) : 1;
}

/** The zoom as a number; planes beside each other have one scale, at which each of them fits. */
export function zoomOf(view, source) {
  if (view.zoom !== null) return view.zoom;
  if (view.panes !== 4) return fitZoom(view, source);
  return Math.max(...Object.keys(AXES).map((plane) => fitZoom({ ...view, plane }, source)));
}

/** Mag-1 voxels per pixel, horizontally and vertically. */
export function perPixel(view, source) {
  const [u, v] = AXES[view.plane];
  const edge = zoomOf(view, source) * Math.min(...source.voxelSize);
  return [edge / source.voxelSize[u], edge / source.voxelSize[v]];
}

/** What the screen shows: `[u0, v0, u1, v1]` in Mag-1 voxels. */
export function visibleRect(view, source) {
  const [u, v] = AXES[view.plane];
  const [perU, perV] = perPixel(view, source);
  const halfU = (view.screen[0] * perU) / 2;
  const halfV = (view.screen[1] * perV) / 2;
  const [cu, cv] = [view.center[u], view.center[v]];
  return [cu - halfU, cv - halfV, cu + halfU, cv + halfV];
}

/**
 * What to ask the kernel for, `{rect, zoom}`: a little more than is visible, on a coarse grid, so that small moves
 * need no new picture and larger ones find theirs already coming; and a zoom in steps, never less sharp than needed.
 */
export function partToRead(view, source) {
  const [u, v] = AXES[view.plane];
  const visible = visibleRect(view, source);
  const { box } = source;
  const rect = [u, v, u, v].map((axis, i) => {
    const extent = visible[2 + (i % 2)] - visible[i % 2];
    const grid = 2 ** Math.max(3, Math.floor(Math.log2(extent / 4)));
    const edge = i < 2 ? Math.floor(visible[i] / grid - 0.25) : Math.ceil(visible[i] / grid + 0.25);
    return clamp(edge * grid, box[axis], box[axis] + box[3 + axis]);
  });
  return { rect, zoom: 2 ** (Math.floor(Math.log2(zoomOf(view, source)) * 4) / 4) };
}

/** The point `[x, y, z]` (not rounded) under a pixel of the picture area. */
export function pointAt(view, source, px, py) {
  const [u, v] = AXES[view.plane];
  const rect = visibleRect(view, source);
  const [perU, perV] = perPixel(view, source);
  const point = [...view.center];
  point[u] = rect[0] + px * perU;
  point[v] = rect[1] + py * perV;
  return point;
}

/** The view after zooming by `factor` with the point under the pixel staying where it is. */
export function zoomedAbout(view, source, factor, px, py) {
  const before = pointAt(view, source, px, py);
  const largest = fitZoom(view, source) * 8;
  const next = { ...view, zoom: clamp(zoomOf(view, source) * factor, SMALLEST_ZOOM, largest) };
  const after = pointAt(next, source, px, py);
  return { ...next, center: next.center.map((c, axis) => c + before[axis] - after[axis]) };
}

/** The nearest view whose center lies in the volume. */
export function inside(view, source) {
  const { box } = source;
  const center = view.center.map((c, axis) => {
    // A center just below the far edge still lies in the last voxel.
    const last = box[axis] + Math.max(box[3 + axis], 1);
    return clamp(c, box[axis], last - 1e-6);
  });
  return { ...view, center };
}

/** One step along the normal: to the middle of a voxel, never out of the volume. */
export function stepped(view, source, steps) {
  const normal = AXES[view.plane][2];
  const { box } = source;
  const depth = clamp(
    Math.floor(view.center[normal]) + steps, box[normal], box[normal] + box[3 + normal] - 1);
  const center = [...view.center];
  center[normal] = depth + 0.5;
  return { ...view, center };
}

/** Where lies the part of the volume that is visible: `[x, y, z, width, height, depth]` in whole Mag-1 voxels. */
export function visibleBox(view, source) {
  const [u, v, normal] = AXES[view.plane];
  const rect = visibleRect(view, source);
  const [low, high] = [[0, 0, 0], [0, 0, 0]];
  [low[u], low[v], low[normal]] = [Math.floor(rect[0]), Math.floor(rect[1]), depthOf(view)];
  [high[u], high[v], high[normal]] = [Math.ceil(rect[2]), Math.ceil(rect[3]), depthOf(view) + 1];
  const { box } = source;
  const first = low.map((at, axis) => clamp(at, box[axis], box[axis] + box[3 + axis]));
  const last = high.map((at, axis) => clamp(at, box[axis], box[axis] + box[3 + axis]));
  return [...first, ...last.map((end, axis) => end - first[axis])];
}

export const depthOf = (view) => Math.floor(view.center[AXES[view.plane][2]]);

const UNITS = [["pm", 1e-3], ["nm", 1], ["µm", 1e3], ["mm", 1e6], ["m", 1e9], ["km", 1e12]];

/** A length in nanometres as people write it. */
export function lengthText(nanometers, digits = 3) {
  const size = Math.abs(nanometers);
  let [name, factor] = UNITS[1];
  for (const unit of UNITS) if (size >= unit[1]) [name, factor] = unit;
  if (size < 1 && size > 0) [name, factor] = UNITS[0];
  return `${+(nanometers / factor).toPrecision(digits)} ${name}`;
}

/** Round numbers from `low` to `high`, about `most` of them, equally spaced: ticks that do not collide. */
export function roundNumbers(low, high, most) {
  const least = (high - low) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= least);
  const first = Math.ceil(low / step);
  return Array.from({ length: Math.max(0, Math.floor(high / step) - first + 1) }, (_, i) => (first + i) * step);
}

/** How long a scale bar may be in a pane of a width: a quarter of it. */
export const scaleRoom = (width) => Math.min(160, width / 4);

/** A scale bar of a round length, no longer than `most` pixels: `{pixels, text}`; in voxels where sizes are unknown. */
export function scaleBar(view, source, most) {
  const perPx = zoomOf(view, source) * (source.unit ? Math.min(...source.voxelSizeNm) : 1);
  const power = 10 ** Math.floor(Math.log10(perPx * most));
  const round = [5, 2, 1].find((digit) => digit * power <= perPx * most) ?? 1;
  return { pixels: (round * power) / perPx, text: source.unit ? lengthText(round * power) : `${+(round * power).toPrecision(3)} voxels` };
}
