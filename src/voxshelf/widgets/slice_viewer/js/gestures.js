/**
 * Wheel, keys and pointer over the figure, turned into calls of a viewer: `step`, `zoomBy`, `panBy`, `fit`, `point`.
 *
 * Listeners sit on the figure in the capture phase: bqplot's own layers lie on top and would eat the wheel.
 */
import { clamp } from "./geometry.js";

const BIG_STEP = 10;
const NOTCH = 50; // pixels of wheel travel that make one step on a touch pad
const PAN = 0.1;
const ZOOM_IN = 0.8;

/** Steps and zooming by wheel; a touch pad's many small movements add up. */
function wheelHandler(viewer, offset) {
  let travel = 0;
  return (event) => {
    event.preventDefault();
    event.stopPropagation();
    const delta = event.deltaY || event.deltaX; // with shift, some systems turn the wheel sideways
    if (event.ctrlKey || event.metaKey) {
      viewer.zoomBy(Math.exp(clamp(delta, -100, 100) / 400), ...offset(event));
      return;
    }
    travel += event.deltaMode || Math.abs(delta) >= NOTCH ? Math.sign(delta) * NOTCH : delta;
    const steps = Math.trunc(travel / NOTCH);
    if (!steps) return;
    travel -= steps * NOTCH;
    viewer.step(steps * (event.shiftKey ? BIG_STEP : 1));
  };
}

function keyHandler(viewer) {
  const pan = (du, dv) => viewer.panBy(du * PAN * viewer.view.screen[0], dv * PAN * viewer.view.screen[1]);
  const acts = {
    f: (far) => viewer.step(far ? BIG_STEP : 1),
    d: (far) => viewer.step(far ? -BIG_STEP : -1),
    arrowleft: () => pan(1, 0),
    arrowright: () => pan(-1, 0),
    arrowup: () => pan(0, 1),
    arrowdown: () => pan(0, -1),
    "+": () => viewer.zoomBy(ZOOM_IN),
    "=": () => viewer.zoomBy(ZOOM_IN),
    "-": () => viewer.zoomBy(1 / ZOOM_IN),
    0: () => viewer.fit(),
  };
  return (event) => {
    const act = acts[event.key.toLowerCase()];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act(event.shiftKey);
  };
}

/** Start listening; `signal` ends it. */
export function listenTo(viewer, figure, signal) {
  const offset = (event) => {
    const area = viewer.stage.picture.getBoundingClientRect();
    return [event.clientX - area.left, event.clientY - area.top];
  };
  let grabbed = null;
  const grab = (event) => {
    if (event.button !== 0) return;
    figure.focus({ preventScroll: true });
    figure.setPointerCapture(event.pointerId);
    figure.classList.add("vxs-grabbing");
    grabbed = [event.clientX, event.clientY];
    event.preventDefault();
  };
  const move = (event) => {
    if (grabbed) {
      const [dx, dy] = [event.clientX - grabbed[0], event.clientY - grabbed[1]];
      grabbed = [event.clientX, event.clientY];
      if (dx || dy) viewer.panBy(dx, dy);
    }
    viewer.point(offset(event));
  };
  const release = (event) => {
    grabbed = null;
    figure.classList.remove("vxs-grabbing");
    if (figure.hasPointerCapture(event.pointerId)) figure.releasePointerCapture(event.pointerId);
  };
  const on = (name, act) => figure.addEventListener(name, act, { signal, capture: true, passive: false });
  on("wheel", wheelHandler(viewer, offset));
  on("keydown", keyHandler(viewer));
  on("pointerdown", grab);
  on("pointermove", move);
  on("pointerup", release);
  on("pointercancel", release);
  figure.addEventListener("pointerleave", () => viewer.point(null), { signal });
}
