/** A small menu over the viewer: opened at a place, closed by choosing, Escape, or a click elsewhere; and what it offers. */
import { element } from "./elements.js";

export class Menu {
  /** `host`: where it is put; it must be positioned. */
  constructor(host, signal) {
    this.host = host;
    this.node = element("div.vxs-menu", { role: "menu", hidden: "" });
    this.node.dataset.lmSuppressShortcuts = "true";
    host.append(this.node);
    this.node.addEventListener("keydown", (event) => this.keyDown(event));
    const outside = (event) => { if (!this.node.contains(event.target)) this.close(); };
    document.addEventListener("pointerdown", outside, { signal, capture: true });
    signal.addEventListener("abort", () => this.node.remove());
  }

  /** Show items `{text, act}`, `{note}` or `{color, text, act}` at a place on the page. */
  open(items, clientX, clientY) {
    this.before = document.activeElement;
    this.node.replaceChildren(...items.map((item) => this.item(item)));
    this.node.hidden = false;
    const area = this.host.getBoundingClientRect();
    const [width, height] = [this.node.offsetWidth, this.node.offsetHeight];
    this.node.style.left = `${Math.max(0, Math.min(clientX - area.left, area.width - width - 2))}px`;
    this.node.style.top = `${Math.max(0, Math.min(clientY - area.top, area.height - height - 2))}px`;
    this.node.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
  }

  item({ text, note, act, color, swatch }) {
    if (note) return element("div.vxs-menu-note", {}, note);
    const mark = swatch ? [element("span.vxs-swatch", { style: `background: ${swatch}` })] : [];
    if (color) {
      const input = element("input", { type: "color", value: color, onchange: () => { act(input.value); this.close(); } });
      return element("label.vxs-menu-item", { role: "menuitem", tabindex: "-1" }, text, input);
    }
    const choose = () => { this.close(); act(); };
    return element("button.vxs-menu-item", { type: "button", role: "menuitem", tabindex: "-1", onclick: choose }, ...mark, text);
  }

  keyDown(event) {
    const items = [...this.node.querySelectorAll("[role=menuitem]")];
    const at = items.indexOf(document.activeElement);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) items[(at + step + items.length) % items.length]?.focus();
    else if (event.key === "Enter" && document.activeElement.matches("label")) document.activeElement.querySelector("input").click();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  close() {
    if (this.node.hidden) return;
    const inside = this.node.contains(document.activeElement);
    this.node.hidden = true;
    if (inside) this.before?.focus?.({ preventScroll: true });
  }
}

const hexOf = (rgb) => `#${rgb.match(/\d+/g).map((part) => (+part).toString(16).padStart(2, "0")).join("")}`;

/** What can be done with what is at a place of the picture: its segments, and the place itself. */
export function placeItems(found, { center, colorOf, isTouched, choose, copy }) {
  const segments = Object.entries(found.values)
    .map(([layer, id]) => ({ layer, id, swatch: colorOf(layer, id) })).filter(({ swatch }) => swatch);
  const position = found.position.join(", ");
  return [
    ...segments.flatMap(({ layer, id, swatch }) => [
      { note: `${layer} ${id}` },
      { text: "Show only this segment", swatch, act: () => choose("isolate", layer, id) },
      { text: "Hide this segment", act: () => choose("hide", layer, id) },
      { text: "Colour …", color: hexOf(swatch), act: (color) => choose("color", layer, id, color) },
      { text: "Copy its id", act: () => copy(id) },
      { text: "Copy Python: its mask in view of this slice", act: () => choose("read", layer, id) },
      { text: "Copy Python: the whole segment in 3D", act: () => choose("whole", layer, id) },
    ]),
    ...(isTouched ? [{ text: "Show all segments", act: () => choose("all") }] : []),
    { note: position },
    { text: "Centre here", act: center },
    { text: "Copy this position", act: () => copy(position) },
  ];
}
