/** The browser's half of `JsonEditor`: a textarea, and beside it the numbers of its lines, which scroll along. */

const PAUSE = 150;

function render({ model, el }) {
  const numbers = document.createElement("div");
  numbers.className = "vx-json-lines";
  numbers.setAttribute("aria-hidden", "true");
  const area = document.createElement("textarea");
  area.spellcheck = false;
  area.wrap = "off";
  area.rows = model.get("rows");
  area.setAttribute("aria-label", "JSON");
  el.append(numbers, area);

  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    if (model.get("value") === area.value) return;
    model.set("value", area.value);
    model.save_changes();
  };
  const number = () => {
    const marks = new Map();
    for (const mark of model.get("marks")) {
      const said = marks.get(mark.line);
      marks.set(mark.line, { tone: said?.tone === "bad" ? "bad" : mark.tone, text: said ? `${said.text}\n${mark.text}` : mark.text });
    }
    const count = area.value.split("\n").length;
    numbers.replaceChildren(...Array.from({ length: count }, (_, index) => {
      const line = document.createElement("div");
      line.textContent = String(index + 1);
      const mark = marks.get(index + 1);
      if (mark) { line.className = `vx-line-${mark.tone}`; line.title = mark.text; }
      return line;
    }));
    numbers.scrollTop = area.scrollTop;
  };
  const read = () => {
    // What is being typed is newer than what the kernel says.
    if (timer === 0 && area.value !== model.get("value")) area.value = model.get("value");
    number();
  };
  const lock = () => { area.readOnly = model.get("disabled"); };
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, PAUSE); number(); });
  area.addEventListener("blur", send);
  area.addEventListener("scroll", () => { numbers.scrollTop = area.scrollTop; });
  area.addEventListener("keydown", event => event.stopPropagation());
  model.on("change:value", read);
  model.on("change:marks", number);
  model.on("change:disabled", lock);
  read();
  lock();
  return () => { send(); model.off("change:value", read); model.off("change:marks", number); model.off("change:disabled", lock); };
}

export default { render };
