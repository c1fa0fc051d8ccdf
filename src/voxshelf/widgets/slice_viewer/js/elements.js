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

/** Show a text; one that is shown already costs no layout. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
