/**
 * The browser's half of `Sender`: takes files, shows the list, and sends a file piece by piece.
 *
 * Traits, all written by the kernel: `rows` (what is shown of each upload), `progress` ({id: [share, text]}), `job`
 * ({run, item, session, token, offset}: what is to be sent now, by the page of that session; or {}), `piece` (bytes),
 * `in_flight`, `tail` (bytes of a file's end that the kernel wants to see first), `refusal` (why nothing may be uploaded).
 * To the kernel: `opened` and `here` (this page exists), `file` (chosen; buffers: head and tail), `piece` (one buffer),
 * `unreadable`, `stalled` (no answer), `do` (an action of a row). From the kernel: `taken` (a piece was stored or dropped), `roll call`, `heard`.
 * A new `job.run` ends the one before: the kernel asks for bytes, and this page never decides where to go on.
 */

const SILENCE = 10_000;

/** Holds this page's files and sends what the kernel asks for; there is one per page, however often it is shown. */
function makeSender(model) {
  const session = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  const files = new Map();
  const waiting = new Map();
  const listeners = new Set();
  let tokens = 0;
  let numbers = 0;
  let heard = Date.now();
  let asked = 0;

  const say = (message, buffers = []) => model.send({ ...message, session }, undefined, buffers);
  const isOn = (run) => model.get("job").run === run;

  function sendPiece(run, offset, bytes) {
    return new Promise((resolve) => {
      const number = ++numbers;
      if (waiting.size === 0) heard = Date.now();
      waiting.set(number, { run, resolve });
      say({ k: "piece", run, offset, number }, [new DataView(bytes)]);
    });
  }

  async function work() {
    const { run, session: whose, token, offset: start } = model.get("job");
    for (const [number, piece] of waiting) {
      if (piece.run !== run) { waiting.delete(number); piece.resolve(); }
    }
    if (whose !== session) return;
    const file = files.get(token);
    if (!file) { say({ k: "unreadable", run, reason: "this page does not hold it any more." }); return; }
    const flying = new Set();
    let offset = start;
    while (offset < file.size && isOn(run)) {
      const from = offset;
      offset = Math.min(file.size, from + model.get("piece"));
      let bytes;
      try {
        bytes = await file.slice(from, offset).arrayBuffer();
      } catch (error) {
        if (isOn(run)) say({ k: "unreadable", run, reason: String(error.message ?? error) });
        return;
      }
      if (!isOn(run)) return;
      const answer = sendPiece(run, from, bytes).finally(() => flying.delete(answer));
      flying.add(answer);
      if (flying.size >= model.get("in_flight")) await Promise.race(flying);
    }
  }

  async function choose(list, item = undefined) {
    for (const file of list) {
      const token = String(++tokens);
      let ends;
      try {
        const parts = [file.slice(0, 4), file.slice(Math.max(0, file.size - model.get("tail")))];
        ends = await Promise.all(parts.map((part) => part.arrayBuffer()));
      } catch {
        // A folder that was dropped looks like a file that cannot be read: as an empty one it is refused in words.
        ends = [new ArrayBuffer(0), new ArrayBuffer(0)];
      }
      files.set(token, file);
      const facts = { name: file.name, size: file.size, modified: file.lastModified, token };
      say({ k: "file", ...facts, ...(item ? { item } : {}) }, ends.map((end) => new DataView(end)));
    }
  }

  function onMessage(message) {
    if (message.k === "roll call") say({ k: "here" });
    if (message.k !== "taken" || message.session !== session) return;
    heard = Date.now();
    waiting.get(message.number)?.resolve();
    waiting.delete(message.number);
    for (const listener of listeners) listener(false);
  }

  /** Speak when there may be nobody to hear it: the kernel was shut down, or the connection is gone. */
  function tryToSay(message) {
    try {
      say(message);
    } catch {
      // Whoever runs the cell again finds the upload in the list.
    }
  }

  const watch = setInterval(() => {
    const now = Date.now();
    const silent = waiting.size > 0 && now - heard > SILENCE;
    if (silent && now - asked > SILENCE) {
      // What was on the way may be lost with the connection.
      asked = now;
      tryToSay({ k: "stalled", run: model.get("job").run });
    }
    for (const listener of listeners) listener(silent);
  }, 1000);
  model.on("change:job", work);
  model.on("msg:custom", onMessage);
  say({ k: "opened" });
  // Once more when the kernel has a thread for what widgets say: see answering.py.
  const later = setTimeout(() => tryToSay({ k: "here" }), 1000);
  work();
  return {
    choose,
    act: (item, action, text = "") => say({ k: "do", item, action, text }),
    listen(listener) { listeners.add(listener); return () => listeners.delete(listener); },
    close() { clearInterval(watch); clearTimeout(later); model.off("change:job", work); model.off("msg:custom", onMessage); },
  };
}

const make = (tag, className = "", text = "") => {
  const node = document.createElement(tag);
  node.className = className;
  node.textContent = text;
  return node;
};

/** A button; `sure` (if given) is what it says until it is pressed a second time. */
function makeButton(label, act, sure = "") {
  const button = make("button", "vxu-button", label);
  button.type = "button";
  let timer = 0;
  button.addEventListener("click", () => {
    if (!sure || timer) { clearTimeout(timer); act(); return; }
    button.textContent = sure;
    button.classList.add("vxu-sure");
    timer = setTimeout(() => { timer = 0; button.textContent = label; button.classList.remove("vxu-sure"); }, 4000);
  });
  return button;
}

/** One row of the list; it stays the same element as long as its upload is there. */
function makeRow(sender, pick) {
  const node = make("li", "vxu-row");
  const head = make("div", "vxu-head");
  const names = make("div", "vxu-names");
  const file = make("b", "vxu-file");
  const key = make("span", "vxu-key");
  const buttons = make("div", "vxu-buttons");
  const bar = make("progress", "vxu-progress");
  const text = make("div", "vxu-text");
  const says = make("div", "vxu-says");
  const form = make("div", "vxu-name");
  const name = make("input");
  name.type = "text";
  name.setAttribute("aria-label", "Name of the dataset");
  name.spellcheck = false;
  bar.max = 1;
  says.setAttribute("role", "status");
  names.append(file, key);
  head.append(names, buttons);
  form.append(name);
  form.hidden = true;
  node.append(head, bar, text, says, form);
  let shown = "";
  let said = "";
  let id = "";
  const rename = () => sender.act(id, "rename", name.value);
  name.addEventListener("keydown", (event) => {
    if (event.key === "Enter") { event.preventDefault(); event.stopPropagation(); rename(); }
  });

  const runs = { choose: () => pick(id), rename };
  function showButtons(row) {
    const wanted = JSON.stringify([row.actions, row.loses]);
    if (wanted === shown) return;
    shown = wanted;
    const had = [...buttons.children, ...form.querySelectorAll("button")].includes(document.activeElement);
    form.querySelector("button")?.remove();
    buttons.replaceChildren();
    for (const [action, label] of row.actions) {
      const sure = action === "cancel" && row.loses ? "Discard what arrived?" : "";
      const button = makeButton(label, runs[action] ?? (() => sender.act(id, action)), sure);
      button.setAttribute("aria-label", `${label}: ${row.file}`);
      (action === "rename" ? form : buttons).append(button);
    }
    if (had) (buttons.querySelector("button") ?? name).focus();
  }

  return {
    node,
    show(row) {
      id = row.id;
      node.dataset.stage = row.stage;
      node.dataset.tone = row.tone;
      file.textContent = row.file;
      key.textContent = row.key ? `→\u00a0${row.key}` : "";
      if (said !== row.says) says.innerHTML = said = row.says; // escaped in the kernel
      if (row.name && form.hidden) name.value = row.name;
      form.hidden = !row.name;
      showButtons(row);
    },
    progress(share, words) { bar.value = share; text.textContent = words; },
  };
}

/** Where files are dropped or chosen; returns `{node, pick(item)}`. */
function makeDropZone(model, sender, surroundings) {
  const node = make("div", "vxu-drop");
  const input = make("input");
  let item;
  input.type = "file";
  input.accept = ".zip,application/zip,application/x-zip-compressed";
  input.multiple = true;
  input.hidden = true;
  const pick = (wanted = undefined) => { item = wanted; input.multiple = !wanted; input.click(); };
  input.addEventListener("change", () => { sender.choose([...input.files], item); input.value = ""; });
  const words = make("span", "vxu-words");
  const button = makeButton("Choose files…", () => pick());
  const note = make("div", "vxu-note", "One dataset per file: its layers as folders, such as color/1/header.wkw. Interrupted uploads go on later.");
  node.append(words, button, input, note);
  const paint = () => {
    const refusal = model.get("refusal");
    button.disabled = Boolean(refusal);
    words.textContent = refusal || "Drop ZIP files here, or";
  };
  let depth = 0;
  const mark = (by) => { depth = by === null ? 0 : depth + by; node.classList.toggle("vxu-over", depth > 0); };
  const own = (event) => {
    if (!event.dataTransfer?.types.includes("Files") || model.get("refusal")) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  surroundings.addEventListener("dragenter", (event) => own(event) && mark(1));
  surroundings.addEventListener("dragleave", (event) => own(event) && mark(-1));
  surroundings.addEventListener("dragover", own);
  surroundings.addEventListener("drop", (event) => {
    if (own(event)) { mark(null); sender.choose([...event.dataTransfer.files]); }
  });
  model.on("change:refusal", paint);
  paint();
  return { node, pick, close: () => model.off("change:refusal", paint) };
}

export default () => {
  let sender;
  return {
    initialize({ model }) {
      sender = makeSender(model);
      return () => sender.close();
    },
    render({ model, el }) {
      const zone = makeDropZone(model, sender, el);
      const silence = make("div", "vxu-silence");
      silence.setAttribute("role", "alert");
      const list = make("ul", "vxu-list");
      el.classList.add("vxu");
      el.append(zone.node, silence, list);
      const rows = new Map();
      const paintProgress = () => {
        for (const [id, [share, words]] of Object.entries(model.get("progress"))) rows.get(id)?.progress(share, words);
      };
      const paint = () => {
        const wanted = model.get("rows");
        const ids = new Set(wanted.map((row) => row.id));
        for (const [id, row] of rows) if (!ids.has(id)) { row.node.remove(); rows.delete(id); }
        for (const row of wanted) {
          if (!rows.has(row.id)) { rows.set(row.id, makeRow(sender, zone.pick)); list.append(rows.get(row.id).node); }
          rows.get(row.id).show(row);
        }
        paintProgress();
      };
      const stop = sender.listen((silent) => {
        const words = silent
          ? "The kernel does not answer. If it was restarted, run the cell again and choose the same file: it goes on where it stopped."
          : "";
        if (silence.textContent !== words) silence.textContent = words;
      });
      model.on("change:rows", paint);
      model.on("change:progress", paintProgress);
      paint();
      return () => { stop(); zone.close(); model.off("change:rows", paint); model.off("change:progress", paintProgress); };
    },
  };
};
