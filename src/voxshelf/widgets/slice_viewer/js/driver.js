/**
 * The browser side of the slice viewer: finds the bqplot figure beside it, paints slices under its axes, turns wheel,
 * keys and pointer into views, and asks the kernel for what is missing.
 *
 * Traits of the model: `source` (what the dataset is), `view` (see geometry.js, plus `origin`: who set it, "" for the
 * kernel, and `turn`: how many changes the kernel had made by then; of two changes at once the kernel's holds), `looks` (how layers appear, see paint.js), `palette`, `hover`, `error`, and references to the figure's
 * scales and to the histogram's brush. Messages out: `{k: "get", from, seq, ahead, view, layers}`, `{k: "rest"}`;
 * in: `{k: "picture", from, seq, depths, layers}` with one buffer per layer, and `{k: "refresh"}`.
 */
import { AXES, clamp, depthOf, inside, perPixel, stepped, visibleRect, zoomOf, zoomedAbout } from "./geometry.js";
import { layerPictures } from "./decode.js";
import { Pump } from "./pump.js";
import { paint } from "./paint.js";
import { listenTo } from "./gestures.js";
import { lookAt, segmentColor } from "./readout.js";
import { createDepthSlider, createStage, createStatus, createToolbar } from "./controls.js";

const SYNC_MS = 150;
const DRAW_MS = 40;
const REST_MS = 250;
const PATIENT_MS = 200;

/** Call `act` at most every `ms`, and once more at the end. */
function throttled(act, ms) {
  let timer = 0;
  let again = false;
  const fire = () => {
    timer = 0;
    if (again) run();
  };
  const run = () => {
    again = false;
    act();
    timer = setTimeout(fire, ms);
  };
  const call = () => { if (timer) again = true; else run(); };
  call.cancel = () => clearTimeout(timer);
  return call;
}

async function figureBeside(el, signal) {
  while (!signal.aborted) {
    const figure = el.closest(".vx-slice-viewer")?.querySelector(".vxs-figure");
    if (figure?.querySelector("svg.svg-figure")) return figure;
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
  return null;
}

class Viewer {
  constructor(model, el, figure, signal) {
    Object.assign(this, { model, el, figure, signal });
    this.id = Math.random().toString(36).slice(2, 10);
    this.revision = 0;
    this.source = model.get("source");
    this.palette = new Uint8Array(model.get("palette").buffer.slice(0));
    this.view = { ...model.get("view"), screen: [640, 480] };
    this.looks = model.get("looks");
    this.liveWindow = null;
    this.entry = null;
    this.pointer = null;
    this.pump = new Pump({
      send: (message) => model.send({ k: "get", from: this.id, ...message }),
      show: (entry) => this.show(entry),
      waiting: (since) => this.showWaiting(since),
      silent: () => this.stage.say("The kernel does not answer. Is it busy, or was it restarted? Then run the cell again."),
    });
    this.draw = throttled(() => requestAnimationFrame(() => this.drawControls()), DRAW_MS);
    this.tellKernel = throttled(() => this.sync(), SYNC_MS);
    this.tellHover = throttled(() => { model.set("hover", this.found ?? {}); model.save_changes(); }, SYNC_MS);
    this.build();
  }

  build() {
    const { source } = this;
    this.toolbar = createToolbar(source, {
      plane: (plane) => this.go({ ...this.view, plane }),
      position: (axis, value) => this.goAxis(axis, value),
      zoom: (factor) => this.zoomBy(factor),
      fit: () => this.fit(),
      units: () => this.go({ ...this.view, physical: !this.view.physical }),
    });
    this.depth = createDepthSlider(source, {
      depth: (value) => this.go(stepped(this.view, source, value - depthOf(this.view))),
    });
    this.status = createStatus();
    this.status.hover(null);
    this.stage = createStage(source);
    const { top, right, bottom, left } = source.margin;
    const inset = `${top}px ${right}px ${bottom}px ${left}px`;
    this.stage.picture.style.inset = inset;
    this.stage.overlay.style.inset = inset;
    this.figure.insertBefore(this.stage.picture, this.figure.querySelector("svg.svg-figure"));
    this.figure.append(this.stage.overlay);
    this.el.classList.add("vxs-driver");
    this.el.append(this.toolbar.node, this.depth.node, this.status.node);
    for (const node of [this.figure, this.toolbar.node, this.depth.node]) node.dataset.lmSuppressShortcuts = "true";
    this.figure.tabIndex = 0;
    this.figure.setAttribute("role", "application");
    this.figure.setAttribute("aria-label", `Slice viewer of ${source.name}`);
    if (source.empty) this.stage.say(source.empty, "note");
  }

  async start() {
    const { model, signal } = this;
    const find = (name) => model.widget_manager.get_model(model.get(name).slice(10));
    [this.scaleX, this.scaleY, this.brush] = await Promise.all([find("scale_x"), find("scale_y"), find("brush")]);
    if (signal.aborted) return;
    const on = (target, events, act) => {
      target.on(events, act);
      signal.addEventListener("abort", () => target.off(events, act));
    };
    on(model, "change:view", () => this.viewCame());
    on(model, "change:looks", () => { this.looks = model.get("looks"); this.refreshLooks(); });
    on(model, "msg:custom", (message, buffers) => this.messageCame(message, buffers));
    on(this.brush, "change:selected", () => this.brushMoved());
    listenTo(this, this.figure, signal);
    const observer = new ResizeObserver(() => this.resized());
    observer.observe(this.stage.picture);
    signal.addEventListener("abort", () => { observer.disconnect(); this.remove(); });
    this.resized();
  }

  remove() {
    this.pump.stop();
    clearTimeout(this.restTimer);
    clearTimeout(this.waitTimer);
    this.tellKernel.cancel();
    this.tellHover.cancel();
    this.draw.cancel();
    this.stage.picture.remove();
    this.stage.overlay.remove();
  }

  // -- where we look ---------------------------------------------------------------------------

  /** Go to a view that the person chose here. */
  go(view) {
    this.view = inside(view, this.source);
    this.revision += 1;
    this.update();
    this.tellKernel();
  }

  goAxis(axis, value) {
    const center = [...this.view.center];
    if (value !== null) center[axis] = value + 0.5;
    this.go({ ...this.view, center });
  }

  zoomBy(factor, px = this.view.screen[0] / 2, py = this.view.screen[1] / 2) {
    this.go(zoomedAbout(this.view, this.source, factor, px, py));
  }

  step(count) {
    this.go(stepped(this.view, this.source, count));
  }

  panBy(dx, dy) {
    const [u, v] = AXES[this.view.plane];
    const [perU, perV] = perPixel(this.view, this.source);
    const center = [...this.view.center];
    center[u] -= dx * perU;
    center[v] -= dy * perV;
    // A view that fits the whole volume has no zoom of its own yet.
    this.go({ ...this.view, zoom: zoomOf(this.view, this.source), center });
  }

  fit() {
    const { box } = this.source;
    const [u, v] = AXES[this.view.plane];
    const center = [...this.view.center];
    for (const axis of [u, v]) center[axis] = box[axis] + box[3 + axis] / 2;
    this.go({ ...this.view, center, zoom: null });
  }

  /** A view came from the kernel, or from another place where this viewer is shown. */
  viewCame() {
    const view = this.model.get("view");
    if (view.origin.startsWith(this.id)) return; // an echo of our own
    if (!view.origin && view.turn <= this.view.turn) return; // known; the person has moved on since
    this.view = { ...view, screen: this.view.screen };
    this.update();
  }

  sync() {
    const { plane, center, zoom, physical, screen, turn } = this.view;
    this.model.set("view", { plane, center, zoom, physical, screen, turn, origin: `${this.id}:${this.revision}` });
    this.model.save_changes();
  }

  resized() {
    const { clientWidth, clientHeight } = this.stage.picture;
    if (!clientWidth || !clientHeight) return;
    const [width, height] = this.view.screen;
    const changed = width !== clientWidth || height !== clientHeight;
    this.view = { ...this.view, screen: [clientWidth, clientHeight] };
    this.update();
    if (changed) this.tellKernel();
  }

  update() {
    this.want(); // first of all: the kernel may work while we draw
    this.setScales();
    this.place();
    this.draw();
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rest(), REST_MS);
  }

  /** What may lag a little behind a fast wheel: numbers, slider, read-out. */
  drawControls() {
    const { view } = this;
    this.toolbar.update(view);
    this.depth.update(view);
    this.stage.update(view);
    this.readOut();
    this.figure.dataset.view = `${view.plane} ${depthOf(view)}`;
  }

  rest() {
    if (this.pump.settled) this.model.send({ k: "rest" });
    else this.restTimer = setTimeout(() => this.rest(), REST_MS);
  }

  setScales() {
    const { view, source } = this;
    const [u, v] = AXES[view.plane];
    const rect = visibleRect(view, source);
    const factor = (axis) => (view.physical ? source.unitsPerVoxel[axis] : 1);
    const set = (scale, min, max) => {
      if (scale.get("min") !== min || scale.get("max") !== max) scale.set({ min, max });
    };
    set(this.scaleX, rect[0] * factor(u), rect[2] * factor(u));
    set(this.scaleY, rect[1] * factor(v), rect[3] * factor(v));
  }

  // -- pictures --------------------------------------------------------------------------------

  want() {
    const { view, source } = this;
    if (source.empty) return;
    const [u, v, normal] = AXES[view.plane];
    const rect = visibleRect(view, source);
    const { box } = source;
    const edges = [u, v, u, v].map((axis, i) =>
      clamp(i < 2 ? Math.floor(rect[i]) : Math.ceil(rect[i]), box[axis], box[axis] + box[3 + axis]));
    const zoom = zoomOf(view, source);
    const layers = this.looks.filter((look) => look.visible).map(({ name, channel }) => ({ name, channel }));
    const density = window.devicePixelRatio || 1;
    const request = (depth) => {
      const center = [...view.center];
      center[normal] = depth + 0.5;
      const screen = view.screen.map((side) => Math.round(side * density));
      return { view: { plane: view.plane, center, zoom: zoom / density, screen }, layers };
    };
    this.pump.want({
      key: JSON.stringify([view.plane, edges, zoom.toPrecision(6), layers]),
      depth: depthOf(view),
      range: [box[normal], box[normal] + box[3 + normal] - 1],
      request,
    });
  }

  messageCame(message, buffers) {
    if (message.k === "refresh") this.pump.refresh();
    if (message.k !== "picture" || message.from !== this.id) return;
    const layers = layerPictures(message, buffers);
    const problems = layers.filter((layer) => layer.error).map((layer) => layer.error);
    const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
    const { seq, depths, plane, notice } = message;
    this.pump.receive({ seq, depths, plane, notice, layers, bytes, problems });
  }

  show(entry) {
    if (entry.plane !== this.view.plane) return;
    this.entry = entry;
    this.repaint();
    this.stage.say(entry.problems.join("\n") || entry.notice || "", entry.problems.length ? "error" : "note");
    this.status.mags(entry.layers.filter((layer) => layer.mag).map((layer) => layer.mag));
    this.figure.dataset.shown = `${entry.plane} ${entry.depths[0]}`;
    const error = entry.problems.join("\n");
    if (this.model.get("error") !== error) {
      this.model.set("error", error);
      this.model.save_changes();
    }
    this.draw();
  }

  showWaiting(since) {
    clearTimeout(this.waitTimer);
    if (since === null) this.stage.wait(false);
    else this.waitTimer = setTimeout(() => this.stage.wait(true), PATIENT_MS);
  }

  currentLooks() {
    const live = this.liveWindow;
    return live ? this.looks.map((look) => (look.name === live.name ? { ...look, window: live.window } : look)) : this.looks;
  }

  repaint() {
    if (!this.entry) return;
    const { canvas } = this.stage;
    this.painted = paint(this.entry.layers, this.currentLooks(), this.palette, (count) => this.buffer(count));
    if (this.painted) {
      const { columns, rows } = this.painted;
      if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
      const bytes = new Uint8ClampedArray(this.pixels.buffer);
      canvas.getContext("2d").putImageData(new ImageData(bytes, columns, rows), 0, 0);
    }
    this.place();
  }

  /** Room for pixels; the same again while the size stays. */
  buffer(count) {
    if (this.pixels?.length !== count) this.pixels = new Uint32Array(count);
    return this.pixels;
  }

  /** Put the canvas where its voxels are now; a picture of an earlier view moves and grows with the axes. */
  place() {
    const { canvas } = this.stage;
    const visible = Boolean(this.painted) && this.entry.plane === this.view.plane;
    if (canvas.hidden === visible) canvas.hidden = !visible;
    if (!visible) return;
    const rect = visibleRect(this.view, this.source);
    const [perU, perV] = perPixel(this.view, this.source);
    const [u0, v0, u1, v1] = this.painted.rect;
    const [wide, high] = [(u1 - u0) / perU, (v1 - v0) / perV];
    const place = [(u0 - rect[0]) / perU, (v0 - rect[1]) / perV, wide, high, this.painted.columns].join(" ");
    if (place === this.placed) return;
    this.placed = place;
    Object.assign(canvas.style, {
      left: `${(u0 - rect[0]) / perU}px`,
      top: `${(v0 - rect[1]) / perV}px`,
      width: `${wide}px`,
      height: `${high}px`,
      imageRendering: wide >= this.painted.columns ? "pixelated" : "auto",
    });
  }

  refreshLooks() {
    this.want(); // other layers may be visible now
    this.repaint();
    this.readOut();
  }

  /** The brush over the histogram moves: repaint at once; the kernel hears of it in its own time. */
  brushMoved() {
    const selected = this.brush.get("selected");
    if (!this.brush.get("brushing") || !selected) return;
    this.liveWindow = { name: this.model.get("active"), window: [selected[0], selected[1]] };
    clearTimeout(this.liveTimer);
    this.liveTimer = setTimeout(() => { this.liveWindow = null; this.repaint(); }, 600);
    this.repaint();
  }

  /** The pointer is at a pixel of the picture area, or gone (null). */
  point(offset) {
    this.pointer = offset;
    this.readOut();
  }

  /** Say what is under the pointer: position, and the values of the slice on screen. */
  readOut() {
    const found = this.pointer && this.entry ? lookAt(this.entry, this.view, this.source, this.pointer) : null;
    if (JSON.stringify(found) === JSON.stringify(this.found ?? null)) return;
    this.found = found;
    this.status.hover(found, this.source, (name, value) => segmentColor(this.looks, this.palette, name, value));
    this.tellHover();
  }
}

async function render({ model, el }) {
  const controller = new AbortController();
  figureBeside(el, controller.signal).then((figure) => {
    if (figure) new Viewer(model, el, figure, controller.signal).start();
  });
  return () => controller.abort();
}

export default { render };
