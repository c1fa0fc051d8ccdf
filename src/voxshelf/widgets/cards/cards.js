/**
 * The browser's half of `Cards`: a grid of cards, each with a title, text, and buttons; some with a picture or progress.
 *
 * Traits, all written by the kernel: `cards` (see `Card` in cards.py; `chips`, `body` and `says` are safe HTML),
 * `pictures` ({id: address}; an empty address: there is none), `progress` ({id: [share, text]}), `current` (the id of the
 * chosen card), `pictured` (whether cards have room for a picture). To the kernel: `do` (an action of a card), `here`.
 */

const make = (tag, className, text = "") => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};

/** One card; it stays the same element as long as its dataset is shown, so that nobody loses the focus. */
function makeCard(act, pictured) {
  const node = make("li", "vxc-card");
  const open = make("button", "vxc-open");
  const frame = make("span", "vxc-frame");
  const title = make("b", "vxc-title");
  const sub = make("span", "vxc-sub");
  const chips = make("div", "vxc-chips");
  const body = make("div", "vxc-body");
  const more = make("button", "vxc-more", "More");
  const bar = make("progress", "vxc-progress");
  const text = make("div", "vxc-text");
  const says = make("div", "vxc-says");
  const buttons = make("div", "vxc-buttons");
  open.type = more.type = "button";
  bar.max = 1;
  says.setAttribute("role", "status");
  if (pictured) open.append(frame);
  open.append(title, sub);
  node.append(open, chips, body, more, bar, text, says, buttons);
  let id = "";
  let shown = {};
  const isNews = (name, value) => {
    const words = JSON.stringify(value);
    if (shown[name] === words) return false;
    shown[name] = words;
    return true;
  };
  open.addEventListener("click", () => act(id, "open"));
  more.addEventListener("click", () => {
    more.textContent = body.classList.toggle("vxc-whole") ? "Less" : "More";
    more.setAttribute("aria-expanded", String(body.classList.contains("vxc-whole")));
  });
  const measure = () => {
    const isWhole = body.classList.contains("vxc-whole");
    const isCut = !isWhole && body.scrollHeight > body.clientHeight + 1;
    body.classList.toggle("vxc-cut", isCut);
    more.hidden = !isWhole && !isCut;
  };
  const watching = new ResizeObserver(measure);
  watching.observe(body);

  function showButtons(actions) {
    if (!isNews("actions", actions)) return;
    const had = buttons.contains(document.activeElement);
    buttons.replaceChildren(...actions.map(([action, label, isMain]) => {
      const button = make("button", isMain ? "vxc-button vxc-main" : "vxc-button", label);
      button.type = "button";
      button.setAttribute("aria-label", `${label}: ${title.textContent}`);
      button.addEventListener("click", () => act(id, action));
      return button;
    }));
    if (had) (buttons.querySelector("button") ?? open).focus();
  }

  return {
    node,
    show(card) {
      id = card.id;
      node.dataset.id = id;
      node.dataset.tone = card.tone;
      title.textContent = card.title;
      sub.textContent = card.sub;
      open.disabled = !card.opens;
      if (isNews("chips", card.chips)) chips.innerHTML = card.chips;
      if (isNews("body", card.body)) { body.innerHTML = card.body; measure(); }
      if (isNews("says", card.says)) says.innerHTML = card.says;
      showButtons(card.actions);
    },
    picture(address) {
      frame.classList.toggle("vxc-none", address === "");
      if (!isNews("picture", address ?? null)) return;
      frame.replaceChildren();
      if (!address) { frame.textContent = address === "" ? "no picture" : ""; return; }
      const picture = make("img", "vxc-picture");
      picture.alt = "";
      picture.src = address;
      frame.append(picture);
    },
    progress(share, words) {
      const runs = share !== undefined;
      bar.hidden = text.hidden = !runs;
      if (runs) { bar.value = share; text.textContent = words; }
    },
    mark(isCurrent) {
      node.classList.toggle("vxc-current", isCurrent);
      open.setAttribute("aria-pressed", String(isCurrent));
    },
    close() { watching.disconnect(); node.remove(); },
  };
}

function render({ model, el }) {
  // Descriptions beside pictures may be long; those of a few cards without are shown whole.
  const list = make("ul", model.get("pictured") ? "vxc-grid vxc-clamped" : "vxc-grid");
  const known = new Map();
  const act = (card, action) => model.send({ k: "do", card, action });
  el.append(list);
  const paintRest = () => {
    const [pictures, progress] = [model.get("pictures"), model.get("progress")];
    for (const [id, card] of known) {
      card.picture(pictures[id]);
      card.progress(...(progress[id] ?? []));
      card.mark(id === model.get("current"));
    }
  };
  const paint = () => {
    const wanted = model.get("cards");
    const ids = new Set(wanted.map((card) => card.id));
    for (const [id, card] of known) if (!ids.has(id)) { card.close(); known.delete(id); }
    wanted.forEach((card, position) => {
      if (!known.has(card.id)) known.set(card.id, makeCard(act, model.get("pictured")));
      const { node } = known.get(card.id);
      if (list.children[position] !== node) list.insertBefore(node, list.children[position] ?? null);
      known.get(card.id).show(card);
    });
    paintRest();
  };
  const rest = ["pictures", "progress", "current"];
  model.on("change:cards", paint);
  for (const name of rest) model.on(`change:${name}`, paintRest);
  paint();
  return () => {
    model.off("change:cards", paint);
    for (const name of rest) model.off(`change:${name}`, paintRest);
    for (const card of known.values()) card.close();
  };
}

/** Says that it is there once the kernel has a thread for what widgets say, so that presses are heard while a cell runs. */
function initialize({ model }) {
  const later = setTimeout(() => {
    try {
      model.send({ k: "here" });
    } catch {
      // The kernel was shut down meanwhile.
    }
  }, 1000);
  return () => clearTimeout(later);
}

export default { initialize, render };
