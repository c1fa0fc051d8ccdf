/**
 * Wheel, keys and pointer over a figure, turned into calls of its pane: `step`, `zoomBy`, `panBy`, `centerAt`, `point`,
 * `askAbout`, and of the viewer: `fit`, `showPlane`, `showFour`, `stepInTime`.
 *
 * Listeners sit on the figure in the capture phase: bqplot's own layers lie on top and would eat the wheel.
 */
import { clamp } from "./geometry.js";

const BIG_STEP = 10;
const NOTCH = 50; // pixels of wheel travel that make one step on a touch pad
const PAN = 0.1;
const FAR_PAN = 0.5;
const ZOOM_IN = 0.8;
const STILL = 4; // pixels within which a press is a click and no drag

/** Steps and zooming by wheel; a touch pad's many small movements add up. */
function wheelHandler(pane, offset) {
  let travel = 0;
  return (event) => {
    event.preventDefault();
    event.stopPropagation();
    const delta = event.deltaY || event.deltaX; // with shift, some systems turn the wheel sideways
    if (event.ctrlKey || event.metaKey) {
      pane.zoomBy(Math.exp(clamp(delta, -100, 100) / 400), ...offset(event));
      return;
    }
    travel += event.deltaMode || Math.abs(delta) >= NOTCH ? Math.sign(delta) * NOTCH : delta;
    const steps = Math.trunc(travel / NOTCH);
    if (!steps) return;
    travel -= steps * NOTCH;
    pane.step(steps * (event.shiftKey ? BIG_STEP : 1));
  };
}

function keyHandler(pane) {
  const { viewer } = pane;
  const pan = (du, dv) => (far) => {
    const part = far ? FAR_PAN : PAN;
    pane.panBy(du * part * pane.screen[0], dv * part * pane.screen[1]);
  };
  const acts = {
    f: (far) => pane.step(far ? BIG_STEP : 1),
    d: (far) => pane.step(far ? -BIG_STEP : -1),
    arrowleft: pan(1, 0),
    arrowright: pan(-1, 0),
    arrowup: pan(0, 1),
    arrowdown: pan(0, -1),
    "+": () => pane.zoomBy(ZOOM_IN),
    "=": () => pane.zoomBy(ZOOM_IN),
    "-": () => pane.zoomBy(1 / ZOOM_IN),
    0: () => viewer.fit(),
    1: () => viewer.showPlane("XY"),
    2: () => viewer.showPlane("XZ"),
    3: () => viewer.showPlane("YZ"),
    4: () => viewer.showFour(),
    ".": () => viewer.stepInTime(1),
    ",": () => viewer.stepInTime(-1),
  };
  return (event) => {
    const act = acts[event.key.toLowerCase()];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("button")) return;
    event.preventDefault();
    event.stopPropagation();
    act(event.shiftKey);
  };
}

/** One pointer drags or clicks; two fingers pinch. */
function pointerHandlers(pane, figure, offset) {
  const down = new Map();
  let moved = 0;
  const place = (event) => [event.clientX, event.clientY];
  const spread = () => {
    const [[ax, ay], [bx, by]] = down.values();
    return [Math.hypot(ax - bx, ay - by), (ax + bx) / 2, (ay + by) / 2];
  };
  const grab = (event) => {
    if (event.button !== 0 || event.target.closest(".vxs-message, button")) return;
    figure.focus({ preventScroll: true });
    figure.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    moved = down.size > 1 ? Infinity : 0; // fingers that pinch do not click
    event.preventDefault();
  };
  const pinch = (event) => {
    const [before] = spread();
    down.set(event.pointerId, place(event));
    const [after, x, y] = spread();
    if (before && after) pane.zoomBy(before / after, ...offset({ clientX: x, clientY: y }));
  };
  const move = (event) => {
    const last = down.get(event.pointerId);
    if (last && down.size > 1) pinch(event);
    else if (last) {
      const [dx, dy] = [event.clientX - last[0], event.clientY - last[1]];
      moved = Math.max(moved, Math.hypot(dx, dy));
      if (moved < STILL) return;
      down.set(event.pointerId, place(event));
      figure.classList.add("vxs-grabbing");
      if (dx || dy) pane.panBy(dx, dy);
    }
    pane.point(offset(event));
  };
  const release = (event) => {
    const clicked = down.delete(event.pointerId) && moved < STILL && event.type === "pointerup";
    figure.classList.remove("vxs-grabbing");
    if (figure.hasPointerCapture(event.pointerId)) figure.releasePointerCapture(event.pointerId);
    if (clicked) pane.centerAt(offset(event));
  };
  return { pointerdown: grab, pointermove: move, pointerup: release, pointercancel: release };
}

/** Start listening; `signal` ends it. */
export function listenTo(pane, figure, signal) {
  const offset = (event) => {
    const area = pane.stage.picture.getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top];
  };
  const menu = (event) => {
    event.preventDefault(); // JupyterLab's own menu knows nothing of segments
    event.stopPropagation();
    pane.askAbout(offset(event), event.clientX, event.clientY);
  };
  const acts = {
    wheel: wheelHandler(pane, offset), keydown: keyHandler(pane), contextmenu: menu, ...pointerHandlers(pane, figure, offset),
  };
  for (const [name, act] of Object.entries(acts)) {
    figure.addEventListener(name, act, { signal, capture: true, passive: false });
  }
  figure.addEventListener("pointerleave", () => pane.point(null), { signal });
  figure.addEventListener("focus", () => pane.viewer.activate(pane.plane), { signal });
}
