/**
 * From layer pictures to pixels, by the formulas of `voxshelf.slicing` (looks, segments, render), in the same
 * precision: a picture painted here equals the one that `render` makes in Python.
 *
 * A *look* is `{name, category, visible, alpha, color, window, gamma, inverted}`, and for segmentations `hidden,
 * selected, colors`; looks come in the order of painting. Pixels are packed as 0xAABBGGRR, which is red, green, blue,
 * alpha in memory on every machine a browser runs on.
 */
import { layOver } from "./segments.js";

const OPAQUE = 0xff000000;
const CHEQUERS = [0xff8a8a8a, 0xff6a6a6a]; // for what nobody recorded
const CHEQUER_SHIFT = 3; // 8 pixels

/** What is set for all layers together, where nothing is. */
export const PLAIN = { pattern: 0, cover: false, missingBlack: false, selective: false, interpolation: false };

/** The three colour tables of a look, each of 256 packed entries for one channel, and one for gray values. */
export function ramps(look) {
  const red = new Uint32Array(256);
  const green = new Uint32Array(256);
  const blue = new Uint32Array(256);
  const gray = new Uint32Array(256);
  const exponent = 1 / Math.max(look.gamma, 0.01);
  for (let level = 0; level < 256; level++) {
    const t = ((look.inverted ? 255 - level : level) / 255) ** exponent;
    const [r, g, b] = look.color.map((c) => Math.floor(t * c * (look.alpha / 100) + 0.5));
    red[level] = r;
    green[level] = g << 8;
    blue[level] = b << 16;
    gray[level] = (r | (g << 8) | (b << 16) | OPAQUE) >>> 0;
  }
  return { red, green, blue, gray };
}

/** A function from value to level 0-255. */
export function leveller([low, high]) {
  if (!(high > low)) return (value) => (value > low ? 255 : 0);
  const width = high - low;
  return (value) => {
    const x = ((value - low) * 255) / width;
    return x > 0 ? (x < 255 ? Math.floor(x + 0.5) : 255) : 0; // not a number: 0
  };
}

/** A lookup from raw 8- or 16-bit pattern to packed colour, or null for wider types. */
function directTable(data, gray, level) {
  const bits = data.BYTES_PER_ELEMENT * 8;
  if (bits > 16) return null;
  const table = new Uint32Array(1 << bits);
  const signed = data instanceof Int8Array || data instanceof Int16Array;
  for (let pattern = 0; pattern < table.length; pattern++) {
    const value = signed && pattern >> (bits - 1) ? pattern - table.length : pattern;
    table[pattern] = gray[level(value)];
  }
  return table;
}

/** Look up values of 8 or 16 bits; a loop of its own for each width, so that the engine compiles it for one type. */
const lookUp8 = (data, table, out) => { for (let i = 0; i < out.length; i++) out[i] = table[data[i] & 0xff]; };
const lookUp16 = (data, table, out) => { for (let i = 0; i < out.length; i++) out[i] = table[data[i] & 0xffff]; };

/** The packed colours of one colour layer, voxel by voxel, into `out`. */
export function colorPixels(layer, look, out) {
  const { data } = layer;
  const count = out.length;
  const tables = ramps(look);
  const level = leveller(look.window ?? defaultWindow(data));
  if (layer.channels === 3) {
    for (let i = 0; i < count; i++) {
      out[i] = (OPAQUE | tables.red[level(data[i])] | tables.green[level(data[count + i])]
        | tables.blue[level(data[2 * count + i])]) >>> 0;
    }
    return out;
  }
  const table = directTable(data, tables.gray, level);
  const { gray } = tables;
  if (table?.length === 256) lookUp8(data, table, out);
  else if (table) lookUp16(data, table, out);
  else for (let i = 0; i < count; i++) out[i] = gray[level(Number(data[i]))];
  return out;
}

/** Until the kernel has chosen a window: the range of 8 bits, else of the values at hand. */
function defaultWindow(data) {
  if (data instanceof Uint8Array) return [0, 255];
  let low = Infinity;
  let high = -Infinity;
  for (const value of data) {
    const number = Number(value);
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return [low, high];
}

/** Add packed colours, channel by channel, clipped at 255; what is transparent adds nothing. */
function addColors(pixels, colors, at) {
  for (let i = 0; i < pixels.length; i++) {
    const voxel = at ? at(i) : i;
    if (voxel < 0) continue;
    const [p, q] = [pixels[i], colors[voxel]];
    if (q < OPAQUE) continue;
    const r = (p & 255) + (q & 255);
    const g = ((p >> 8) & 255) + ((q >> 8) & 255);
    const b = ((p >> 16) & 255) + ((q >> 16) & 255);
    pixels[i] = (OPAQUE | (r > 255 ? 255 : r) | (g > 255 ? 255 : g) << 8 | (b > 255 ? 255 : b) << 16) >>> 0;
  }
}

/** Cover packed pixels with colours of one opacity; what is transparent covers nothing. */
function coverColors(pixels, colors, at, alpha) {
  const weight = Math.floor((alpha / 100) * 255 + 0.5);
  const rest = 255 - weight;
  const mix = (p, q) => (((p & 255) * rest + (q & 255) * weight + 127) / 255) | 0;
  for (let i = 0; i < pixels.length; i++) {
    const voxel = at ? at(i) : i;
    if (voxel < 0) continue;
    const [p, q] = [pixels[i], colors[voxel]];
    if (q < OPAQUE) continue;
    pixels[i] = (OPAQUE | mix(p, q) | mix(p >> 8, q >> 8) << 8 | mix(p >> 16, q >> 16) << 16) >>> 0;
  }
}

/** Call `act(index)` for each pixel of a layer's missing parts, on the layer's own grid or on another one. */
function eachMissing(layer, grid, act) {
  const scale = (at, side) => {
    const count = side ? layer.rows : layer.columns;
    const place = layer.rect[side] + (at / count) * (layer.rect[2 + side] - layer.rect[side]);
    const cells = side ? grid.rows : grid.columns;
    return Math.round(((place - grid.rect[side]) / (grid.rect[2 + side] - grid.rect[side])) * cells);
  };
  for (const [left, top, right, bottom] of layer.missing ?? []) {
    const [c0, r0, c1, r1] = [scale(left, 0), scale(top, 1), scale(right, 0), scale(bottom, 1)];
    for (let r = r0; r < r1; r++) for (let c = c0; c < c1; c++) act(r * grid.columns + c, c, r);
  }
}

/** Where nothing was painted because nobody recorded anything: chequers, or black. */
function markMissing(pixels, grid, layers, settings) {
  for (const layer of layers) {
    eachMissing(layer, grid, (i, column, row) => {
      if (pixels[i] >= OPAQUE) return;
      pixels[i] = settings.missingBlack ? OPAQUE : CHEQUERS[((column >> CHEQUER_SHIFT) + (row >> CHEQUER_SHIFT)) & 1];
    });
  }
}

/** The grid that all layers are painted on: that of the finest one, over the union of their places. */
function commonGrid(layers) {
  const rect = layers.map((layer) => layer.rect).reduce((a, b) => [
    Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]);
  const du = Math.min(...layers.map((layer) => (layer.rect[2] - layer.rect[0]) / layer.columns));
  const dv = Math.min(...layers.map((layer) => (layer.rect[3] - layer.rect[1]) / layer.rows));
  const columns = Math.round((rect[2] - rect[0]) / du);
  const rows = Math.round((rect[3] - rect[1]) / dv);
  const excess = Math.max(1, Math.sqrt((columns * rows) / (1 << 22)));
  return { rect, columns: Math.ceil(columns / excess), rows: Math.ceil(rows / excess) };
}

/** How pixels of a grid find a layer's voxels; null where both are the same grid. */
function finder(grid, layer) {
  const same = grid.columns === layer.columns && grid.rows === layer.rows
    && grid.rect.every((edge, i) => edge === layer.rect[i]);
  if (same) return null;
  const along = (count, start, end, from, to, cells) => Int32Array.from({ length: count }, (_, i) => {
    const cell = Math.floor(((start + ((i + 0.5) * (end - start)) / count - from) / (to - from)) * cells);
    return cell >= 0 && cell < cells ? cell : -1;
  });
  const [g, l] = [grid.rect, layer.rect];
  const column = along(grid.columns, g[0], g[2], l[0], l[2], layer.columns);
  const row = along(grid.rows, g[1], g[3], l[1], l[3], layer.rows);
  return (i) => {
    const [c, r] = [column[i % grid.columns], row[(i / grid.columns) | 0]];
    return c < 0 || r < 0 ? -1 : r * layer.columns + c;
  };
}

/** The colours of one layer on its own grid, nothing where it is missing. */
function layerColors(layer, look, settings, out) {
  colorPixels(layer, settings.cover ? { ...look, alpha: 100 } : look, out);
  eachMissing(layer, layer, (i) => { out[i] = 0; });
  return out;
}

/** Paint colour layers onto empty pixels. */
function paintColors(pixels, grid, colors, settings) {
  colors.forEach(({ layer, look }, i) => {
    const at = finder(grid, layer);
    if (i === 0 && !at && (!settings.cover || look.alpha === 100)) {
      layerColors(layer, look, settings, pixels);
      return;
    }
    if (i === 0) pixels.fill(0);
    const found = layerColors(layer, look, settings, new Uint32Array(layer.rows * layer.columns));
    if (settings.cover) coverColors(pixels, found, at, look.alpha);
    else addColors(pixels, found, at);
  });
}

/**
 * Paint all visible layers: `{pixels, columns, rows, rect}`, or null where there is nothing. Pixels go into
 * `buffer(count)`, a Uint32Array that may be used again and again. `only` a category: the other is left out, and
 * segmentations alone are transparent between their segments.
 */
export function paint(layers, looks, palette, { settings = PLAIN, only = null, buffer = (count) => new Uint32Array(count) } = {}) {
  const shown = looks
    .map((look) => ({ look, layer: layers.find((layer) => layer.name === look.name) }))
    .filter(({ layer, look }) => layer?.data && look.visible);
  if (!shown.length) return null;
  const grid = commonGrid(shown.map(({ layer }) => layer));
  const of = (category) => (only && only !== category ? [] : shown.filter(({ look }) => look.category === category));
  const [colors, segmentations] = [of("color"), of("segmentation")];
  const pixels = buffer(grid.columns * grid.rows);
  const alone = only === "segmentation";
  if (!colors.length) pixels.fill(alone ? 0 : OPAQUE);
  paintColors(pixels, grid, colors, settings);
  if (!alone) {
    if (!colors.length) for (const { layer } of segmentations) eachMissing(layer, grid, (i) => { pixels[i] = 0; });
    markMissing(pixels, grid, shown.map(({ layer }) => layer), settings);
  }
  for (const { layer, look } of segmentations) {
    layOver(pixels, grid, layer, look, { palette, at: finder(grid, layer), settings, alone });
  }
  return { pixels, ...grid };
}

/** The voxel of a layer picture at a point `(u, v)` in Mag-1 voxels: its index, or -1. */
export function voxelIndex(layer, u, v) {
  if (!layer.data) return -1;
  const [u0, v0, u1, v1] = layer.rect;
  const column = Math.floor(((u - u0) / (u1 - u0)) * layer.columns);
  const row = Math.floor(((v - v0) / (v1 - v0)) * layer.rows);
  const hit = column >= 0 && row >= 0 && column < layer.columns && row < layer.rows;
  return hit ? row * layer.columns + column : -1;
}

/** The value there as text, exact also for 64 bits; several channels in brackets; null outside. */
export function valueText(layer, u, v) {
  const index = voxelIndex(layer, u, v);
  if (index < 0) return null;
  const count = layer.rows * layer.columns;
  const values = Array.from({ length: layer.channels }, (_, channel) => {
    const value = layer.data[index + channel * count];
    return layer.data instanceof Float32Array ? String(+value.toPrecision(7)) : String(value);
  });
  return layer.channels === 1 ? values[0] : `(${values.join(", ")})`;
}
