/** What is under the pointer: position, and the values of the slice that is on screen. */
import { AXES, pointAt } from "./geometry.js";
import { valueText } from "./paint.js";

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
