/**
 * The HTML around the picture: toolbar, depth slider, status line, and what lies on the picture.
 *
 * Nothing here decides anything: `update…` functions show a view, and `act` reports what the person did.
 */
import { AXES, AXIS_NAMES, depthOf, lengthText, scaleBar, zoomOf } from "./geometry.js";

/** `element("button.small", {title: "…"}, children…)`; properties that start with "on" are listeners. */
export function element(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  const node = document.createElement(tag);
  node.classList.add(...classes);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const PLANE_HELP = {
  XY: "Look along z: x to the right, y down",
  XZ: "Look along y: x to the right, z down",
  YZ: "Look along x: z to the right, y down",
};

/** The row of buttons and numbers above the picture. */
export function createToolbar(source, act) {
  const button = (text, label, onclick) =>
    element("button.vxs-button", { type: "button", "aria-label": label, title: label, onclick }, text);
  const planes = Object.keys(AXES).map((plane) => button(plane, PLANE_HELP[plane], () => act.plane(plane)));
  const numbers = AXIS_NAMES.map((name, axis) => {
    const choose = () => {
      delete input.dataset.typing;
      act.position(axis, Number.isFinite(input.valueAsNumber) ? Math.floor(input.valueAsNumber) : null);
    };
    const input = element("input.vxs-number", {
      type: "number", step: 1, "aria-label": `Position ${name} in voxels`,
      min: source.box[axis], max: source.box[axis] + source.box[3 + axis] - 1,
      // What is being typed must not be overwritten by what is on screen.
      oninput: () => { input.dataset.typing = "yes"; },
      onblur: () => { delete input.dataset.typing; },
      onchange: choose,
      onkeydown: (event) => { if (event.key === "Enter") choose(); },
    });
    return input;
  });
  const zoom = element("output.vxs-zoom-value", { title: "100 %: one voxel per screen pixel" });
  const units = button("", "Show the axes in voxels or in physical units", () => act.units());
  const group = (name, ...children) => element("div.vxs-group", { role: "group", "aria-label": name }, ...children);
  const node = element("div.vxs-toolbar", {},
    group("Plane", ...planes),
    group("Position", ...numbers.map((input, axis) => element("label.vxs-field", {}, AXIS_NAMES[axis], input))),
    group("Zoom", button("−", "Zoom out (key -)", () => act.zoom(1.25)), zoom,
      button("+", "Zoom in (key +)", () => act.zoom(0.8)), button("Fit", "Show the whole volume (key 0)", () => act.fit())),
    ...(source.unit ? [group("Units", units)] : []));
  const update = (view) => {
    for (const item of planes) item.setAttribute("aria-pressed", String(item.textContent === view.plane));
    numbers.forEach((input, axis) => {
      const text = String(Math.floor(view.center[axis]));
      if (!input.dataset.typing && input.value !== text) input.value = text;
    });
    zoom.textContent = `${+(100 / zoomOf(view, source)).toPrecision(3)} %`;
    units.textContent = view.physical ? source.unit : "voxels";
  };
  return { node, update };
}

/** The slider along the normal. */
export function createDepthSlider(source, act) {
  const name = element("span.vxs-depth-name");
  const slider = element("input.vxs-slider", { type: "range", step: 1, oninput: () => act.depth(slider.valueAsNumber) });
  const text = element("output.vxs-depth-value");
  const node = element("label.vxs-depth", {}, name, slider, text);
  const update = (view) => {
    const normal = AXES[view.plane][2];
    const first = source.box[normal];
    const last = first + Math.max(source.box[3 + normal], 1) - 1;
    const depth = depthOf(view);
    name.textContent = AXIS_NAMES[normal];
    Object.assign(slider, { min: first, max: last });
    slider.setAttribute("aria-label", `Depth along ${AXIS_NAMES[normal]}`);
    if (slider.valueAsNumber !== depth) slider.value = String(depth);
    text.textContent = `${depth} / ${last}`;
  };
  return { node, update };
}

/** The line below the picture: what is under the pointer, and the mag shown. */
export function createStatus() {
  const readout = element("span.vxs-readout");
  const mag = element("span.vxs-mag");
  const node = element("div.vxs-status", {}, readout, mag);
  const hover = (found, source, colorOf) => {
    if (!found) {
      readout.replaceChildren(element("span.vxs-faint", {}, "Wheel or f / d: next slice · drag: move · Ctrl + wheel: zoom"));
      return;
    }
    const place = element("span.vxs-place", {}, found.position.join(", "));
    const physical = source.unit
      ? found.position.map((voxel, axis) => lengthText(voxel * source.voxelSizeNm[axis])) : [];
    const values = Object.entries(found.values).map(([name, value]) => {
      const color = colorOf(name, value);
      const swatch = color ? [element("span.vxs-swatch", { style: `background: ${color}` })] : [];
      return element("span.vxs-value", { title: name }, ...swatch, element("span.vxs-value-name", {}, name), ` ${value}`);
    });
    readout.replaceChildren(place, element("span.vxs-faint", {}, physical.join(", ")), ...values);
  };
  const mags = (texts) => {
    mag.textContent = texts.length ? `mag ${[...new Set(texts)].join(", ")}` : "";
  };
  return { node, hover, mags };
}

/** What lies on the picture: canvas, scale bar, messages, a mark while waiting. */
export function createStage(source) {
  const canvas = element("canvas.vxs-canvas", { width: 1, height: 1 });
  const bar = element("div.vxs-scale-bar");
  const barText = element("div.vxs-scale-text");
  const scale = element("div.vxs-scale", {}, barText, bar);
  const message = element("div.vxs-message", { role: "alert", hidden: "" });
  const waiting = element("div.vxs-waiting", { hidden: "", role: "status" }, element("span.vxs-spinner"), "Loading…");
  const picture = element("div.vxs-stage", {}, canvas);
  const overlay = element("div.vxs-overlay", {}, message, waiting, scale);
  const update = (view) => {
    const found = scaleBar(view, source, Math.max(40, Math.min(160, view.screen[0] / 3)));
    bar.style.width = `${found.pixels}px`;
    barText.textContent = found.text;
  };
  const say = (text, kind = "error") => {
    message.hidden = !text;
    message.dataset.kind = kind;
    if (message.textContent !== text) message.textContent = text;
  };
  const wait = (yes) => { waiting.hidden = !yes; };
  return { picture, overlay, canvas, update, say, wait };
}
