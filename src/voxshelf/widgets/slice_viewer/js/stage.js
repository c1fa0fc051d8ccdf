/** What lies on a figure: canvases under its axes; cross-hair, scale bar, messages and a mark of waiting over them. */
import { scaleBar, scaleRoom } from "./geometry.js";
import { element, setText } from "./elements.js";

export const PLANE_COLORS = { XY: "#f5a623", XZ: "#50c878", YZ: "#6aa9ff" };
// The line that runs across a plane is where another plane cuts it: [horizontal line, vertical line].
const CUTS = { XY: ["XZ", "YZ"], XZ: ["XY", "YZ"], YZ: ["XZ", "XY"] };

export function createStage(source, { retry }) {
  const canvas = element("canvas.vxs-canvas", { width: 1, height: 1 });
  const segments = element("canvas.vxs-segments", { width: 1, height: 1, hidden: "" });
  const bar = element("div.vxs-scale-bar");
  const barText = element("div.vxs-scale-text");
  const scale = element("div.vxs-scale", {}, barText, bar);
  const text = element("span.vxs-message-text");
  const again = element("button.vxs-again", { type: "button", onclick: retry }, "Try again");
  const message = element("div.vxs-message", { role: "alert", hidden: "" }, text, again);
  const waiting = element("div.vxs-waiting", { hidden: "", role: "status" }, element("span.vxs-spinner"), "Loading…");
  const lines = ["horizontal", "vertical"].map((way) => element(`div.vxs-line.vxs-${way}`));
  const name = element("div.vxs-plane-name");
  const picture = element("div.vxs-stage", {}, canvas, segments);
  const overlay = element("div.vxs-overlay", {}, ...lines, name, message, waiting, scale);
  const update = (view, four) => {
    const found = scaleBar(view, source, scaleRoom(view.screen[0]));
    bar.style.width = `${found.pixels}px`;
    setText(barText, found.text);
    overlay.classList.toggle("vxs-crossed", four);
    if (name.textContent === view.plane) return;
    setText(name, view.plane);
    name.style.color = PLANE_COLORS[view.plane];
    lines.forEach((line, i) => { line.style.background = PLANE_COLORS[CUTS[view.plane][i]]; });
  };
  let said = ""; // what is said already costs no layout, slice for slice
  const say = (words, kind = "error") => {
    if (said === `${kind} ${words}`) return;
    said = `${kind} ${words}`;
    message.hidden = !words;
    message.dataset.kind = kind;
    again.hidden = kind !== "error";
    setText(text, words);
  };
  const wait = (yes) => { waiting.hidden = !yes; };
  return { picture, overlay, canvas, segments, update, say, wait };
}
