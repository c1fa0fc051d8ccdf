/** What is under the pointer: position, and the values of the slice that is on screen. */
import { AXES, pointAt } from "./geometry.js";
import { segmentIndex, valueText } from "./paint.js";

/** `{position: [x, y, z], values: {layer: text}}` in whole Mag-1 voxels, or null outside of the volume. */
export function lookAt(entry, view, source, [px, py]) {
  const [width, height] = view.screen;
  const { box } = source;
  const position = pointAt(view, source, px, py).map(Math.floor);
  const inView = px >= 0 && py >= 0 && px < width && py < height;
  if (!inView || !position.every((at, axis) => at >= box[axis] && at < box[axis] + box[3 + axis])) return null;
  const [u, v] = AXES[view.plane];
  const values = {};
  for (const layer of entry.layers) {
    const text = layer.data ? valueText(layer, position[u] + 0.5, position[v] + 0.5) : null;
    if (text !== null) values[layer.name] = text;
  }
  return { position, values };
}

/** The CSS colour of a segment whose id is given as text; null for other layers and for no segment. */
export function segmentColor(looks, palette, name, text) {
  if (looks.find((look) => look.name === name)?.category !== "segmentation") return null;
  const id = BigInt.asUintN(64, BigInt(text));
  if (id === 0n) return null;
  const index = 3 * segmentIndex(Number(id & 0xffffffffn) | 0, Number(id >> 32n) | 0);
  return `rgb(${palette.slice(index, index + 3).join(", ")})`;
}
