/**
 * The browser side of the slice viewer: keeps what is looked at, with one pane (pane.js) per bqplot figure, and speaks
 * with the kernel.
 *
 * Traits of the model: `source` (what the dataset is), `view` (see geometry.js, plus `origin`: who set it, "" for the
 * kernel, and `turn`: how many changes the kernel had made by then; of two changes at once the kernel's holds),
 * `looks` and `settings` (how layers appear, see paint.js), `palette`, `hover`, `error`, and references to the axes of
 * the figures (x and y of each) and to the histogram's brush. Messages out: `{k: "get", from, seq, ahead, region,
 * layers}`, `{k: "rest"}`, `{k: "copy", what}`, `{k: "segment", act, layer, id, color}`; in: `{k: "picture", from, seq,
 * depths, layers}` with one buffer per layer, `{k: "text", text, problem}` and `{k: "refresh"}`.
 */
import { AXES, depthOf, inside, stepped } from "./geometry.js";
import { layerPictures } from "./decode.js";
import { Lane, SliceCache } from "./pump.js";
import { segmentColor } from "./segments.js";
import { axesText, createAxisSliders, movedAlong, steppedInTime } from "./axes.js";
import { createDepthSlider, createStatus, createToolbar } from "./controls.js";
import { createInfo } from "./info.js";
import { copyText, pictureOf, savePicture } from "./export.js";
import { Menu, placeItems } from "./menu.js";
import { Pane } from "./pane.js";
import { drawn, throttled } from "./timing.js";

const SYNC_MS = 150;
const DRAW_MS = 40;
const DRAW_OTHERS_MS = 250; // bqplot draws axes slowly: where nobody looks they may lag
const REST_MS = 250;
const LIVE_MS = 600;
const SLOTS = ["XY", "YZ", "XZ"]; // beside XY lies what shares its rows, below it what shares its columns

const COPIES = [
  ["read", "Python: read what is in view, as numpy"], ["open", "Python: open this view"],
  ["json", "This view as JSON"], ["link", "This view as text for viewer.open_link(…)"], ["position", "Position"],
];

class Viewer {
  constructor(model, el, signal) {
    Object.assign(this, { model, el, signal });
    this.id = Math.random().toString(36).slice(2, 10);
    this.revision = 0;
    this.source = model.get("source");
    this.palette = new Uint8Array(model.get("palette").buffer.slice(0));
    this.view = { ...model.get("view"), screen: [640, 480] };
    this.looks = model.get("looks");
    this.settings = model.get("settings");
    this.liveWindow = null;
    this.isAlone = false; // the kernel is gone
    this.cache = new SliceCache();
    this.lane = new Lane();
    this.panes = new Map();
    this.opening = new Set();
    this.draw = throttled(() => requestAnimationFrame(() => this.drawControls()), DRAW_MS);
    this.drawOthers = throttled(() => this.drawPanes((pane) => pane.plane !== this.view.plane), DRAW_OTHERS_MS);
    this.tellKernel = throttled(() => setTimeout(() => this.sync()), SYNC_MS); // after what is on screen now
    this.tellHover = throttled(() => this.save({ hover: this.found ?? {} }), SYNC_MS);
    this.build();
  }

  build() {
    const { source, el, signal } = this;
    this.toolbar = createToolbar(source, {
      plane: (plane) => this.showPlane(plane),
      four: () => this.showFour(),
      position: (axis, value) => this.goAxis(axis, value),
      goTo: (point) => this.go({ ...this.view, center: point.map((at) => at + 0.5) }),
      zoom: (factor) => this.activePane?.zoomBy(factor),
      fit: () => this.fit(),
      units: () => this.go({ ...this.view, physical: !this.view.physical }),
      copy: (anchor) => this.openCopies(anchor),
      save: () => this.savePane(),
    });
    this.depth = createDepthSlider(source, {
      depth: (value) => this.go(stepped(this.view, source, value - depthOf(this.view))),
    });
    this.sliders = createAxisSliders(source, { axis: (name, at) => this.go(movedAlong(this.view, source, name, at)) });
    this.status = createStatus();
    this.info = createInfo(source);
    this.status.hover(null);
    this.info.hover(null);
    el.classList.add("vxs-driver");
    el.append(this.toolbar.node, this.depth.node, ...this.sliders.nodes, this.status.node);
    for (const node of [this.toolbar.node, this.depth.node, ...this.sliders.nodes]) node.dataset.lmSuppressShortcuts = "true";
    drawn(el, ".vxs-main", () => !signal.aborted).then((main) => { if (main) this.menu = new Menu(main, signal); });
  }

  async start() {
    const { model, signal } = this;
    const on = (target, events, act) => {
      target.on(events, act);
      signal.addEventListener("abort", () => target.off(events, act));
    };
    on(model, "change:view", () => this.viewCame());
    on(model, "change:looks", () => { this.looks = model.get("looks"); this.refreshLooks(); });
    on(model, "change:settings", () => { this.settings = model.get("settings"); this.refreshLooks(); });
    on(model, "msg:custom", (message, buffers) => this.messageCame(message, buffers));
    on(model, "comm_live_update", () => this.kernelWent());
    signal.addEventListener("abort", () => this.remove());
    this.brush = await this.modelOf(model.get("brush"));
    if (signal.aborted) return;
    on(this.brush, "change:selected", () => this.brushMoved());
    this.arrange();
    this.draw();
  }

  modelOf(reference) {
    return this.model.widget_manager.get_model(reference.slice(10));
  }

  remove() {
    for (const pane of this.panes.values()) pane.remove();
    clearTimeout(this.restTimer);
    for (const timer of [this.tellKernel, this.tellHover, this.draw, this.drawOthers]) timer.cancel();
    this.info.node.remove();
  }

  // -- panes -----------------------------------------------------------------------------------

  planeOf(slot) {
    return this.view.panes === 4 ? SLOTS[slot] : this.view.plane;
  }

  get activePane() {
    return [...this.panes.values()].find((pane) => pane.plane === this.view.plane) ?? this.panes.get(0);
  }

  isWanted(slot) {
    return !this.signal.aborted && (slot === 0 || this.view.panes === 4);
  }

  /** Have a pane for each figure that is shown now. */
  arrange() {
    for (const [slot, pane] of this.panes) {
      if (this.isWanted(slot) && pane.figure.isConnected) continue;
      pane.remove();
      this.panes.delete(slot);
    }
    SLOTS.forEach((_, slot) => this.openPane(slot));
    if (this.view.panes === 4) {
      drawn(this.el, ".vxs-info", () => this.isWanted(1)).then((place) => place?.append(this.info.node));
    }
  }

  async openPane(slot) {
    if (this.panes.has(slot) || this.opening.has(slot) || !this.isWanted(slot)) return;
    this.opening.add(slot);
    const figure = await drawn(this.el, `.vxs-slot-${slot}`, () => this.isWanted(slot));
    const references = this.model.get("axes").slice(2 * slot, 2 * slot + 2);
    const axes = await Promise.all(references.map((reference) => this.modelOf(reference)));
    this.opening.delete(slot);
    if (!figure || !this.isWanted(slot)) return;
    const pane = new Pane(this, slot, figure, axes);
    this.panes.set(slot, pane);
    pane.resized();
  }

  paneResized(pane, changed) {
    if (pane.slot === 0 && changed) {
      this.view = { ...this.view, screen: pane.screen };
      this.tellKernel();
      for (const other of this.panes.values()) if (other !== pane) other.update(); // fitted: all have one zoom
    }
    pane.update();
    this.draw();
    this.restLater();
  }

  /** The person turned to a plane. */
  activate(plane) {
    if (this.view.panes !== 4 || this.view.plane === plane) return;
    this.go({ ...this.view, plane });
  }

  showPlane(plane) {
    this.go({ ...this.view, plane, panes: 1 });
  }

  showFour() {
    this.go({ ...this.view, panes: 4 });
  }

  // -- where we look ---------------------------------------------------------------------------

  /** Go to a view that the person chose here. */
  go(view) {
    this.follow(inside(view, this.source));
    this.revision += 1;
    this.tellKernel();
  }

  follow(view) {
    const { panes } = this.view;
    this.view = view;
    if (view.panes !== panes) this.arrange();
    this.update();
  }

  goAxis(axis, value) {
    const center = [...this.view.center];
    if (value !== null) center[axis] = value + 0.5;
    this.go({ ...this.view, center });
  }

  stepInTime(count) { this.go(steppedInTime(this.view, this.source, count)); }

  fit() {
    const { box } = this.source;
    const normal = this.view.panes === 4 ? null : AXES[this.view.plane][2];
    const center = this.view.center.map((at, axis) => (axis === normal ? at : box[axis] + box[3 + axis] / 2));
    this.go({ ...this.view, center, zoom: null });
  }

  /** A view came from the kernel, or from another place where this viewer is shown. */
  viewCame() {
    const view = this.model.get("view");
    if (view.origin.startsWith(this.id)) return; // an echo of our own
    if (!view.origin && view.turn <= this.view.turn) return; // known; the person has moved on since
    this.follow({ ...view, screen: this.view.screen });
  }

  sync() {
    const { plane, panes, center, zoom, physical, screen, axes, turn } = this.view;
    this.save({ view: { plane, panes, center, zoom, physical, screen, axes, turn, origin: `${this.id}:${this.revision}` } });
  }

  /** Send a message; a kernel that is going away refuses to take it some moments before it says that it goes. */
  send(message) {
    if (this.isAlone) return;
    try { this.model.send(message); } catch (error) { console.debug(error); }
  }

  save(values) {
    for (const [name, value] of Object.entries(values)) this.model.set(name, value);
    if (this.isAlone) return;
    try { this.model.save_changes(); } catch (error) { console.debug(error); }
  }

  update() {
    for (const pane of this.panes.values()) pane.update();
    this.draw();
    this.restLater();
  }

  drawControls() {
    const { view } = this;
    this.toolbar.update(view);
    this.depth.update(view);
    this.sliders.update(view);
    this.drawPanes((pane) => pane.plane === view.plane);
    if (this.panes.size > 1) this.drawOthers();
    const mags = [...this.panes.values()].flatMap((pane) => pane.entry?.layers.map((layer) => layer.mag).filter(Boolean) ?? []);
    this.status.mags(mags);
    if (view.panes === 4 && this.activePane) this.info.update(this.activePane.view, mags);
  }

  drawPanes(isMeant) {
    for (const pane of this.panes.values()) if (isMeant(pane)) pane.drawControls();
  }

  restLater() {
    clearTimeout(this.restTimer);
    this.restTimer = setTimeout(() => this.rest(), REST_MS);
  }

  rest() {
    if (this.lane.idle) this.send({ k: "rest" });
    else this.restLater();
  }

  // -- what the kernel says --------------------------------------------------------------------

  messageCame(message, buffers) {
    if (message.k === "refresh") this.refresh();
    else if (message.k === "text") this.takeText(message);
    else if (message.k === "picture") this.pictureCame(message, buffers);
  }

  pictureCame(message, buffers) {
    const pane = [...this.panes.values()].find(({ address }) => address === message.from);
    if (!pane) return;
    const layers = layerPictures(message, buffers);
    const problems = layers.filter((layer) => layer.error).map((layer) => layer.error);
    const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0);
    const { seq, depths, plane, notice } = message;
    pane.pump.receive({ seq, depths, plane, notice, layers, bytes, problems });
  }

  pictureShown() {
    const error = [...new Set([...this.panes.values()].flatMap((pane) => pane.entry?.problems ?? []))].join("\n");
    if (this.model.get("error") !== error) this.save({ error });
    this.draw();
  }

  refresh() {
    this.cache.clear();
    for (const pane of this.panes.values()) pane.pump.again();
  }

  /** The kernel is gone for good: what is on screen stays, and says so. */
  kernelWent() {
    if (this.isAlone || !this.el.closest(".jupyter-widgets-disconnected")) return;
    this.isAlone = true;
    for (const pane of this.panes.values()) {
      pane.showWaiting(null);
      pane.stage.say("The kernel was restarted or stopped. The picture stays; run the cell again to go on.", "note");
    }
  }

  // -- how layers appear -----------------------------------------------------------------------

  currentLooks() {
    const live = this.liveWindow;
    return live ? this.looks.map((look) => (look.name === live.name ? { ...look, window: live.window } : look)) : this.looks;
  }

  repaint() {
    for (const pane of this.panes.values()) pane.repaint();
  }

  refreshLooks() {
    for (const pane of this.panes.values()) pane.want(); // other layers may be visible now
    this.repaint();
    this.pointed?.readOut();
  }

  /** The brush over the histogram moves: repaint at once; the kernel hears of it in its own time. */
  brushMoved() {
    const selected = this.brush.get("selected");
    if (!this.brush.get("brushing") || !selected) return;
    this.liveWindow = { name: this.model.get("active"), window: [selected[0], selected[1]] };
    clearTimeout(this.liveTimer);
    this.liveTimer = setTimeout(() => { this.liveWindow = null; this.repaint(); }, LIVE_MS);
    this.repaint();
  }

  colorOf(name, text) {
    const look = this.looks.find((other) => other.name === name);
    return look?.category === "segmentation" ? segmentColor(look, this.palette, text) : null;
  }

  /** A pane found something under its pointer, or no more. */
  hoverFound(pane, found) {
    this.pointed = found ? pane : null;
    if (JSON.stringify(found) === JSON.stringify(this.found ?? null)) return;
    this.found = found;
    const colorOf = (name, value) => this.colorOf(name, value);
    this.status.hover(found, this.source, colorOf);
    this.info.hover(found, colorOf);
    this.tellHover();
  }

  // -- menus -----------------------------------------------------------------------------------

  /** What can be done where the pointer is. */
  openMenu(found, center, x, y) {
    const items = placeItems(found, {
      center,
      colorOf: (layer, id) => this.colorOf(layer, id),
      isTouched: this.settings.selective || this.looks.some((look) => look.hidden?.length),
      choose: (act, layer = "", id = "0", color = undefined) => this.send({ k: "segment", act, layer, id, color }),
      copy: (text) => this.copy(text),
    });
    this.sync(); // the kernel must know where we are before it answers
    this.menu?.open(items, x, y);
  }

  openCopies(anchor) {
    const { left, bottom } = anchor.getBoundingClientRect();
    const items = COPIES.map(([what, text]) => ({ text, act: () => this.send({ k: "copy", what }) }));
    this.sync(); // the kernel must know where we are before it answers
    this.menu?.open(items, left, bottom + 2);
  }

  takeText({ text, problem }) {
    if (problem) this.status.tell(problem);
    else this.copy(text);
  }

  copy(text) {
    copyText(text).then(() => this.status.tell("Copied."), (error) => this.status.tell(error.message));
    this.el.closest(".vx-slice-viewer").dataset.copied = text;
  }

  savePane() {
    const pane = this.activePane;
    if (!pane?.painted) return;
    const place = [this.view.center.map(Math.floor).join("-"), axesText(this.view.axes).replaceAll(/[^\w-]+/g, "")].filter(Boolean).join("_");
    savePicture(pictureOf(pane, this.source), `${this.source.name}_${pane.plane}_${place}.png`);
    this.status.tell("Picture saved.");
  }
}

async function render({ model, el }) {
  const controller = new AbortController();
  drawn(el, ".vxs-slot-0", () => !controller.signal.aborted).then((figure) => {
    if (figure) new Viewer(model, el, controller.signal).start();
  });
  return () => controller.abort();
}

export default { render };
