/** Making HTML: `element("button.small", {title: "…"}, children…)`; properties that start with "on" are listeners. */

const NAMESPACES = { svg: "http://www.w3.org/2000/svg" };

function made(node, classes, properties, children) {
  node.classList.add(...classes);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

export function element(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  return made(document.createElement(tag), classes, properties, children);
}

/** The same for shapes. */
export function shape(kind, properties = {}, ...children) {
  const [tag, ...classes] = kind.split(".");
  return made(document.createElementNS(NAMESPACES.svg, tag), classes, properties, children);
}

export function button(text, label, onclick, more = {}) {
  return element("button.vxs-button", { type: "button", "aria-label": label, title: label, onclick, ...more }, text);
}

/** A slider of whole numbers; `choose` gets what a person chose, by pointer or key, once for each change. */
export function wholeSlider(properties, choose) {
  const step = (slider) => Math.max(1, Math.round((slider.max - slider.min) / 10));
  const keys = {
    ArrowRight: (at) => at + 1, ArrowUp: (at) => at + 1, ArrowLeft: (at) => at - 1, ArrowDown: (at) => at - 1,
    PageUp: (at, slider) => at + step(slider), PageDown: (at, slider) => at - step(slider),
    Home: (_, slider) => Number(slider.min), End: (_, slider) => Number(slider.max),
  };
  const slider = element("input.vxs-slider", {
    type: "range", step: 1, ...properties,
    oninput: () => choose(slider.valueAsNumber),
    // JupyterLab keeps arrow keys from what is no text; a slider must have them nevertheless.
    onkeydown: (event) => {
      const next = keys[event.key];
      if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      slider.value = String(next(slider.valueAsNumber, slider));
      choose(slider.valueAsNumber);
    },
  });
  return slider;
}

/** Show a text; one that is shown already costs no layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
