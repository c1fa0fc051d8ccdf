/** Sliders along axes besides x, y, z, such as time: one row for each, none where there are none. */
import { clamp } from "./geometry.js";
import { element, setText, wholeSlider } from "./elements.js";

/** `act.axis(name, coordinate)` reports what the person chose. */
export function createAxisSliders(source, act) {
  const rows = source.axes.map(({ name, first, last }, at) => {
    const title = `${name}: ${first} to ${last}${at ? "" : " (keys , and .)"}`;
    const slider = wholeSlider({ min: first, max: last, "aria-label": `Axis ${name}`, title }, (value) => act.axis(name, value));
    const text = element("output.vxs-depth-value");
    const node = element("label.vxs-depth.vxs-axis", { "data-axis": name },
      element("span.vxs-axis-name", { title: name }, name), slider, text);
    const update = (view) => {
      const coordinate = view.axes[name];
      if (slider.valueAsNumber !== coordinate) slider.value = String(coordinate);
      setText(text, `${coordinate} / ${last}`);
    };
    return { node, update };
  });
  return { nodes: rows.map(({ node }) => node), update: (view) => rows.forEach((row) => row.update(view)) };
}

/** The view with another coordinate on an axis, within the axis. */
export function movedAlong(view, source, name, coordinate) {
  const axis = source.axes.find((other) => other.name === name);
  return axis ? { ...view, axes: { ...view.axes, [name]: clamp(coordinate, axis.first, axis.last) } } : view;
}

/** The view some steps further on the first of the axes. */
export function steppedInTime(view, source, count) {
  const [axis] = source.axes;
  return axis ? movedAlong(view, source, axis.name, view.axes[axis.name] + count) : view;
}

/** The coordinates in words, `t 3, angle 0`. */
export const axesText = (axes) => Object.entries(axes ?? {}).map(([name, at]) => `${name} ${at}`).join(", ");
