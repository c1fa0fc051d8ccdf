/**
 * One plane on one bqplot figure: asks for its pictures, paints them under the axes, and turns gestures into views of
 * the viewer (driver.js), to which all panes belong.
 */
import { AXES, depthOf, partToRead, perPixel, pointAt, roundNumbers, stepped, visibleRect, zoomOf, zoomedAbout } from "./geometry.js";
import { axesText } from "./axes.js";
import { Pump } from "./pump.js";
import { paint } from "./paint.js";
import { listenTo } from "./gestures.js";
import { lookAt } from "./readout.js";
import { createStage } from "./stage.js";

const PATIENT_MS = 300;
const TICK_PIXELS = [64, 36]; // room for a tick's number, along x and along y

export class Pane {
  /** `axes`: the models of the figure's axes, x and y; `slot`: which of the viewer's figures this is. */
  constructor(viewer, slot, figure, axes) {
    Object.assign(this, { viewer, slot, figure, axes });
    this.controller = new AbortController();
    this.screen = [640, 480];
    this.entry = null;
    this.pointer = null;
    const { source, id } = viewer;
    this.address = `${id}:${slot}`;
    this.pump = new Pump({
      cache: viewer.cache,
      lane: viewer.lane,
      send: (message) => this.ask(message),
      show: (entry) => this.show(entry),
      waiting: (since) => this.showWaiting(since),
      silent: () => this.stage.say("The kernel does not answer. Is it busy, or was it restarted? Then run the cell again.", "note"),
    });
    this.stage = createStage(source, { retry: () => this.viewer.refresh() });
    this.attach();
    listenTo(this, figure, this.controller.signal);
    this.observer = new ResizeObserver(() => this.resized());
    this.observer.observe(this.stage.picture);
    if (source.empty) this.stage.say(source.empty, "note");
  }

  /** Ask the kernel for a picture; for what is not wanted yet, when what is has been painted. */
  ask(message) {
    const send = () => this.viewer.send({ k: "get", from: this.address, ...message });
    if (message.ahead) setTimeout(send);
    else send();
  }

  attach() {
    const { figure, stage } = this;
    const { source } = this.viewer;
    const { top, right, bottom, left } = source.margin;
    const inset = `${top}px ${right}px ${bottom}px ${left}px`;
    stage.picture.style.inset = inset;
    stage.overlay.style.inset = inset;
    figure.insertBefore(stage.picture, figure.querySelector("svg.svg-figure"));
    figure.append(stage.overlay);
    figure.dataset.lmSuppressShortcuts = "true";
    figure.tabIndex = 0;
    figure.setAttribute("role", "application");
    figure.setAttribute("aria-label", `Slice viewer of ${source.name}: f and d for slices, arrows to move, + and - to zoom`);
  }

  remove() {
    this.controller.abort();
    this.observer.disconnect();
    this.pump.stop();
    clearTimeout(this.waitTimer);
    this.stage.picture.remove();
    this.stage.overlay.remove();
    for (const name of ["view", "shown", "sharp", "axes"]) delete this.figure.dataset[name];
  }

  get plane() {
    return this.viewer.planeOf(this.slot);
  }

  /** What this pane shows. */
  get view() {
    const { view, source } = this.viewer;
    return { ...view, plane: this.plane, screen: this.screen, zoom: zoomOf(view, source) };
  }

  // -- gestures --------------------------------------------------------------------------------

  zoomBy(factor, px = this.screen[0] / 2, py = this.screen[1] / 2) {
    this.go(zoomedAbout(this.view, this.viewer.source, factor, px, py));
  }

  step(count) {
    const { center } = stepped(this.view, this.viewer.source, count);
    this.go({ ...this.viewer.view, center });
  }

  panBy(dx, dy) {
    const { view, viewer: { source } } = this;
    const [u, v] = AXES[view.plane];
    const [perU, perV] = perPixel(view, source);
    const center = [...view.center];
    center[u] -= dx * perU;
    center[v] -= dy * perV;
    // A view that fits the whole volume has no zoom of its own yet.
    this.go({ ...view, center });
  }

  centerAt([px, py]) {
    const center = pointAt(this.view, this.viewer.source, px, py);
    this.go({ ...this.view, center });
  }

  /** Go where a gesture leads; position and zoom are the whole viewer's, the screen is one's own. */
  go({ center, zoom }) {
    this.viewer.go({ ...this.viewer.view, plane: this.plane, center, zoom });
  }

  askAbout(offset, clientX, clientY) {
    const found = this.entry ? lookAt(this.entry, this.view, this.viewer.source, offset) : null;
    if (found) this.viewer.openMenu(found, () => this.centerAt(offset), clientX, clientY);
  }

  /** The pointer is at a pixel of the picture area, or gone (null). */
  point(offset) {
    this.pointer = offset;
    this.readOut();
  }

  readOut() {
    // Values of another time say nothing about this one.
    const isOfNow = this.figure.dataset.axes === axesText(this.viewer.view.axes);
    const found = this.pointer && this.entry && isOfNow ? lookAt(this.entry, this.view, this.viewer.source, this.pointer) : null;
    if (this.pointer || this.viewer.pointed === this) this.viewer.hoverFound(this, found);
  }

  // -- following the view ----------------------------------------------------------------------

  resized() {
    if (!this.figure.isConnected) { // taken out of the page: what comes back may be another element
      this.viewer.arrange();
      return;
    }
    const { clientWidth, clientHeight } = this.stage.picture;
    if (!clientWidth || !clientHeight) return;
    const changed = this.screen[0] !== clientWidth || this.screen[1] !== clientHeight;
    this.screen = [clientWidth, clientHeight];
    this.viewer.paneResized(this, changed);
  }

  update() {
    this.want(); // first of all: the kernel may work while we draw
    this.place();
    this.markSharp();
  }

  /** What may lag a little behind a fast wheel. */
  drawControls() {
    const { view } = this;
    this.setScales();
    this.stage.update(view, view.panes === 4);
    this.readOut();
    this.figure.dataset.view = `${view.plane} ${depthOf(view)}`;
    this.figure.classList.toggle("vxs-active", view.panes === 4 && this.viewer.view.plane === view.plane);
  }

  setScales() {
    const { view, viewer: { source } } = this;
    const [u, v] = AXES[view.plane];
    const rect = visibleRect(view, source);
    const factor = (axis) => (view.physical ? source.unitsPerVoxel[axis] : 1);
    this.axes.forEach((axis, side) => {
      const scale = axis.get("scale");
      const by = factor(side ? v : u);
      const [min, max] = [rect[side] * by, rect[side + 2] * by];
      if (scale.get("min") === min && scale.get("max") === max) return;
      scale.set({ min, max });
      axis.set("tick_values", Float64Array.from(roundNumbers(min, max, view.screen[side] / TICK_PIXELS[side])));
    });
  }

  want() {
    const { view, viewer: { source, looks } } = this;
    if (source.empty) return;
    const normal = AXES[view.plane][2];
    const density = window.devicePixelRatio || 1;
    const { rect, zoom } = partToRead(view, source);
    const layers = looks.filter((look) => look.visible).map(({ name, channel }) => ({ name, channel }));
    const { plane, axes } = view;
    this.pump.want({
      key: JSON.stringify([plane, rect, zoom, layers, axes]),
      depth: depthOf(view),
      range: [source.box[normal], source.box[normal] + source.box[3 + normal] - 1],
      request: (depth) => ({ region: { plane, rect, depth, zoom: zoom / density, axes }, layers }),
    });
  }

  // -- pictures --------------------------------------------------------------------------------

  show(entry) {
    if (entry.plane !== this.plane) return;
    this.entry = entry;
    this.figure.dataset.axes = axesText(JSON.parse(entry.key).at(-1));
    this.repaint();
    if (!this.viewer.isAlone) {
      this.stage.say(entry.problems.join("\n") || entry.notice || "", entry.problems.length ? "error" : "note");
    }
    this.figure.dataset.shown = `${entry.plane} ${entry.depths[0]}`;
    this.markSharp();
    this.viewer.pictureShown(this);
  }

  markSharp() {
    const sharp = this.pump.settled ? "yes" : "no";
    if (this.figure.dataset.sharp !== sharp) this.figure.dataset.sharp = sharp;
  }

  showWaiting(since) {
    clearTimeout(this.waitTimer);
    if (since === null) this.stage.wait(false);
    else this.waitTimer = setTimeout(() => this.stage.wait(true), PATIENT_MS);
  }

  shows(category) {
    return this.viewer.looks.some((look) => look.visible && look.category === category);
  }

  /** Whether voxels are smoothed; segments never are. */
  get smooth() {
    return this.viewer.settings.interpolation && this.shows("color");
  }

  /** Whether segments get a canvas of their own: their edges stay sharp while the image is smoothed. */
  get apart() {
    return this.smooth && this.shows("segmentation");
  }

  repaint() {
    if (!this.entry || this.entry.plane !== this.plane) return;
    const { canvas, segments } = this.stage;
    const { apart } = this;
    this.painted = this.paintOn(canvas, apart ? "color" : null);
    if (segments.hidden === apart) segments.hidden = !apart;
    if (apart) this.paintOn(segments, "segmentation");
    this.placed = null;
    this.place();
  }

  paintOn(canvas, only) {
    const { viewer } = this;
    const buffer = (count) => this.buffer(count);
    const painted = paint(this.entry.layers, viewer.currentLooks(), viewer.palette, { settings: viewer.settings, only, buffer });
    if (!painted) return null;
    const { columns, rows } = painted;
    if (canvas.width !== columns || canvas.height !== rows) Object.assign(canvas, { width: columns, height: rows });
    const bytes = new Uint8ClampedArray(this.pixels.buffer);
    canvas.getContext("2d").putImageData(new ImageData(bytes, columns, rows), 0, 0);
    return painted;
  }

  /** Room for pixels; the same again while the size stays. */
  buffer(count) {
    if (this.pixels?.length !== count) this.pixels = new Uint32Array(count);
    return this.pixels;
  }

  /** Put the canvas where its voxels are now; a picture of an earlier view moves and grows with the axes. */
  place() {
    const { canvas, segments } = this.stage;
    const visible = Boolean(this.painted) && this.entry.plane === this.plane;
    if (canvas.hidden === visible) canvas.hidden = !visible;
    if (segments.hidden !== !(visible && this.apart)) segments.hidden = !(visible && this.apart);
    if (!visible) return;
    const { view, smooth, viewer: { source } } = this;
    const rect = visibleRect(view, source);
    const [perU, perV] = perPixel(view, source);
    const [u0, v0, u1, v1] = this.painted.rect;
    const [scaleU, scaleV] = [(u1 - u0) / perU / this.painted.columns, (v1 - v0) / perV / this.painted.rows];
    const transform = `translate(${(u0 - rect[0]) / perU}px, ${(v0 - rect[1]) / perV}px) scale(${scaleU}, ${scaleV})`;
    const grows = scaleU >= 1;
    const place = `${transform} ${smooth}`;
    if (place === this.placed) return;
    this.placed = place;
    Object.assign(canvas.style, { transform, imageRendering: grows && !smooth ? "pixelated" : "auto" });
    Object.assign(segments.style, { transform, imageRendering: grows ? "pixelated" : "auto" });
  }
}
