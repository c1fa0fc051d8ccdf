/**
 * Segments: their stable colours, stripes, what is hidden, and laying them over a picture; by the formulas of
 * `voxshelf.slicing.segments`. Ids are handled as two halves of 32 bits.
 */

/** The hash of an id given as two 32-bit halves. */
export function segmentHash(low, high) {
  let h = low ^ Math.imul(high, 0x85ebca6b);
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  h ^= h >>> 16;
  return h;
}

const halvesOf = (text) => {
  const id = BigInt.asUintN(64, BigInt(text));
  return [Number(id & 0xffffffffn), Number(id >> 32n)];
};

/** Marks by id: `get(low, high)`; few ids have any, so that the first step is to see that there is none. */
class Marks {
  constructor(entries) {
    this.map = new Map();
    for (const [text, mark] of entries) {
      const [low, high] = halvesOf(text);
      this.map.set(low, [...(this.map.get(low) ?? []), { high, mark }]);
    }
  }

  get(low, high) {
    return this.map.get(low)?.find((entry) => entry.high === high)?.mark;
  }
}

/** How the segments of a look appear: `(low, high) → {shown, color: [r, g, b], direction}`. */
export function segmentStyle(look, palette, selective) {
  const yes = (ids) => new Marks((ids ?? []).map((id) => [id, true]));
  const [hidden, selected] = [yes(look.hidden), yes(look.selected)];
  const colors = new Marks(look.colors ?? []);
  return (low, high) => {
    const hash = segmentHash(low, high);
    const index = 3 * (hash & 1023);
    const own = colors.get(low, high)?.map((part) => Math.floor(part + 0.5));
    return {
      shown: (low !== 0 || high !== 0) && !hidden.get(low, high) && (!selective || selected.get(low, high) === true),
      color: own ?? [palette[index], palette[index + 1], palette[index + 2]],
      direction: (hash >>> 10) & 3,
    };
  };
}

/** The CSS colour of a segment whose id is given as text; null for no segment. */
export function segmentColor(look, palette, text) {
  const [low, high] = halvesOf(text);
  if (low === 0 && high === 0) return null;
  return `rgb(${segmentStyle(look, palette, false)(low, high).color.join(", ")})`;
}

/** Mixing packed pixels with a colour of opacity `weight` / 255. */
const OVER = (pixel, [r, g, b], rest) => (0xff000000 | (((pixel & 255) * rest + r) / 255)
  | ((((pixel >> 8) & 255) * rest + g) / 255) << 8 | ((((pixel >> 16) & 255) * rest + b) / 255) << 16) >>> 0;

/**
 * Lay a segmentation over packed pixels of a grid (see paint.js).
 *
 * `at(i)` is the voxel under pixel i, negative for none; null where both have the same grid. With `alone`, the pixels
 * get the segments' colours with their opacity, for a canvas that lies on top.
 */
export function layOver(pixels, grid, layer, look, { palette, at, settings, alone = false }) {
  const weight = Math.floor((look.alpha / 100) * 255 + 0.5);
  const rest = 255 - weight;
  const darker = 256 - Math.floor((settings.pattern / 100) * 128 + 0.5);
  const styleOf = segmentStyle(look, palette, settings.selective);
  const { data } = layer;
  const wide = data.BYTES_PER_ELEMENT === 8;
  const halves = wide ? new Uint32Array(data.buffer, data.byteOffset, data.length * 2) : null;
  const [firstColumn, firstRow] = [0, 1].map((side) =>
    Math.round(grid.rect[side] / ((grid.rect[2 + side] - grid.rect[side]) / (side ? grid.rows : grid.columns))));
  const prepared = (color) => (alone
    ? ((weight << 24) | (color[2] << 16) | (color[1] << 8) | color[0]) >>> 0
    : color.map((part) => part * weight + 127));
  let [lastLow, lastHigh, shown, direction, plain, dark] = [0, 0, false, 0, null, null];
  for (let row = 0, i = 0; row < grid.rows; row++) {
    for (let column = 0; column < grid.columns; column++, i++) {
      const voxel = at ? at(i) : i;
      if (voxel < 0) continue;
      const low = wide ? halves[2 * voxel] : data[voxel] >>> 0;
      const high = wide ? halves[2 * voxel + 1] : (data[voxel] < 0 ? 0xffffffff : 0);
      if (low !== lastLow || high !== lastHigh) {
        const style = styleOf(low, high);
        ({ shown, direction } = style);
        plain = prepared(style.color);
        dark = prepared(style.color.map((part) => (part * darker) >> 8));
        [lastLow, lastHigh] = [low, high];
      }
      if (!shown) continue;
      const [c, r] = [column + firstColumn, row + firstRow];
      const along = direction === 0 ? c + r : direction === 1 ? c - r : direction === 2 ? c : r;
      const color = (along & 7) < 3 ? dark : plain;
      pixels[i] = alone ? color : OVER(pixels[i], color, rest);
    }
  }
}
