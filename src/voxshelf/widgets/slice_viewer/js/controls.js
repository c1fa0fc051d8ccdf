/**
 * The HTML around the picture: toolbar, depth slider, status line.
 *
 * Nothing here decides anything: `update…` functions show a view, and `act` reports what the person did.
 */
import { AXES, AXIS_NAMES, depthOf, lengthText, zoomOf } from "./geometry.js";
import { button, element, setText, wholeSlider } from "./elements.js";

const PLANE_HELP = {
  XY: "Look along z: x to the right, y down (key 1)",
  XZ: "Look along y: x to the right, z down (key 2)",
  YZ: "Look along x: z to the right, y down (key 3)",
};

/** Three numbers, of which each can be typed; a pasted "x, y, z" fills all of them. */
function positionFields(source, act) {
  const choose = (input, axis) => {
    if (!input.dataset.typing) return;
    delete input.dataset.typing;
    const value = Number(input.value.trim() || NaN);
    act.position(axis, Number.isFinite(value) ? Math.floor(value) : null);
  };
  const paste = (event) => {
    const numbers = event.clipboardData.getData("text").match(/-?\d+(\.\d+)?/g)?.map(Number) ?? [];
    if (numbers.length < 3) return;
    event.preventDefault();
    delete event.target.dataset.typing;
    act.goTo(numbers.slice(0, 3).map(Math.floor));
  };
  return AXIS_NAMES.map((name, axis) => {
    const last = source.box[axis] + source.box[3 + axis] - 1;
    const input = element("input.vxs-number", {
      type: "text", inputmode: "numeric", "aria-label": `Position ${name} in voxels`, spellcheck: "false",
      title: `${name}: ${source.box[axis]} to ${last}. Paste "x, y, z" to go there.`,
      // What is being typed must not be overwritten by what is on screen.
      oninput: () => { input.dataset.typing = "yes"; },
      onblur: () => choose(input, axis),
      onpaste: paste,
      onkeydown: (event) => { if (event.key === "Enter") choose(input, axis); },
    });
    return input;
  });
}

/** The row of buttons and numbers above the picture. */
export function createToolbar(source, act) {
  const planes = Object.keys(AXES).map((plane) => button(plane, PLANE_HELP[plane], () => act.plane(plane)));
  const four = button("4 panes", "Three planes beside each other, and a pane of information (key 4)", () => act.four());
  const numbers = positionFields(source, act);
  const zoom = element("output.vxs-zoom-value", { title: "100 %: one voxel per screen pixel" });
  const units = button("", "Show the axes in voxels or in physical units", () => act.units());
  const group = (name, ...children) => element("div.vxs-group", { role: "group", "aria-label": name }, ...children);
  const node = element("div.vxs-toolbar", { role: "toolbar", "aria-label": "Viewer" },
    group("Plane", ...planes, four),
    group("Position", ...numbers.map((input, axis) => element("label.vxs-field", {}, AXIS_NAMES[axis], input))),
    group("Zoom", button("−", "Zoom out (key -)", () => act.zoom(1.25)), zoom,
      button("+", "Zoom in (key +)", () => act.zoom(0.8)), button("Fit", "Show the whole volume (key 0)", () => act.fit())),
    ...(source.unit ? [group("Units", units)] : []),
    group("Take along",
      button("Copy ▾", "Copy this view as Python, JSON or link", (event) => act.copy(event.currentTarget), { "aria-haspopup": "menu" }),
      button("Save", "Save the picture as PNG", () => act.save())));
  let pressed = null;
  const update = (view) => {
    const chosen = view.panes === 4 ? four : planes.find((item) => item.textContent === view.plane);
    if (chosen !== pressed) {
      for (const item of [...planes, four]) item.setAttribute("aria-pressed", String(item === chosen));
      pressed = chosen;
    }
    numbers.forEach((input, axis) => {
      const text = String(Math.floor(view.center[axis]));
      if (!input.dataset.typing && input.value !== text) input.value = text;
    });
    setText(zoom, `${+(100 / zoomOf(view, source)).toPrecision(3)} %`);
    setText(units, view.physical ? source.unit : "voxels");
  };
  return { node, update };
}

/** The slider along the normal. */
export function createDepthSlider(source, act) {
  const name = element("span.vxs-depth-name");
  const slider = wholeSlider({}, (depth) => act.depth(depth));
  const text = element("output.vxs-depth-value");
  const node = element("label.vxs-depth", {}, name, slider, text);
  const update = (view) => {
    const normal = AXES[view.plane][2];
    const first = source.box[normal];
    const last = first + Math.max(source.box[3 + normal], 1) - 1;
    const depth = depthOf(view);
    if (name.textContent !== AXIS_NAMES[normal]) {
      name.textContent = AXIS_NAMES[normal];
      Object.assign(slider, { min: first, max: last });
      slider.setAttribute("aria-label", `Depth along ${AXIS_NAMES[normal]}`);
    }
    if (slider.valueAsNumber !== depth) slider.value = String(depth);
    setText(text, `${depth} / ${last}`);
  };
  return { node, update };
}

/** What is under the pointer, as nodes: values with their layer's name, and the segment's colour. */
export function valueNodes(found, colorOf) {
  return Object.entries(found.values).map(([name, value]) => {
    const color = colorOf(name, value);
    const swatch = color ? [element("span.vxs-swatch", { style: `background: ${color}` })] : [];
    return element("span.vxs-value", { title: name }, ...swatch, element("span.vxs-value-name", {}, name), ` ${value}`);
  });
}

/** A position in physical units; empty where the voxel size is unknown. */
export const physicalText = (position, source) => (source.unit
  ? position.map((voxel, axis) => lengthText(voxel * source.voxelSizeNm[axis])).join(", ") : "");

/** The line below the picture: what is under the pointer, and the mag shown; for a moment, what was done. */
export function createStatus() {
  const readout = element("span.vxs-readout");
  const done = element("span.vxs-done", { role: "status" });
  const mag = element("span.vxs-mag");
  const node = element("div.vxs-status", {}, readout, done, mag);
  const hover = (found, source, colorOf) => {
    if (!found) {
      readout.replaceChildren(element("span.vxs-faint", {},
        "Wheel or f / d: next slice · drag: move · click: centre · Ctrl + wheel: zoom · right click: segment"));
      return;
    }
    readout.replaceChildren(
      element("span.vxs-place", {}, found.position.join(", ")),
      element("span.vxs-faint", {}, physicalText(found.position, source)),
      ...valueNodes(found, colorOf));
  };
  const mags = (texts) => {
    setText(mag, texts.length ? `mag ${[...new Set(texts)].join(", ")}` : "");
  };
  let timer = 0;
  const tell = (text) => {
    done.textContent = text;
    clearTimeout(timer);
    timer = setTimeout(() => { done.textContent = ""; }, 4000);
  };
  return { node, hover, mags, tell };
}
