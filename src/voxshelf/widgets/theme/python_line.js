/**
 * The browser's half of `PythonLine`: shows the trait `code` and copies `copied`, which is the same with the lines
 * before it that a new notebook needs; what they are is said on hovering, and that they were copied too afterwards.
 */

const SAID_FOR = 2500;

/** Put `text` on the clipboard; false where the browser refuses. Pages without HTTPS have no `navigator.clipboard`. */
async function copy(text) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Refused, for instance inside of a frame: the old way may still work.
    }
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.style.cssText = "position: fixed; opacity: 0";
  const had = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (had instanceof HTMLElement) had.focus();
  return done;
}

function render({ model, el }) {
  const code = document.createElement("code");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "vx-copy";
  const note = document.createElement("span");
  note.className = "vx-hint vx-copied";
  note.setAttribute("role", "status");
  let timer = 0;
  const rest = () => { button.textContent = "Copy"; note.textContent = note.title = ""; };
  const paint = () => {
    const [shown, copied] = [model.get("code"), model.get("copied")];
    code.textContent = shown;
    code.title = copied === shown ? "" : copied;
    button.title = `Copy the Python that does the same${copied === shown ? "" : ", ready for a new notebook"}`;
    button.style.visibility = shown ? "visible" : "hidden";
    rest();
  };
  button.addEventListener("click", async () => {
    const [shown, copied] = [model.get("code"), model.get("copied")];
    const done = await copy(copied);
    button.textContent = done ? "Copied" : "Select and copy it";
    const before = copied.slice(0, copied.length - shown.length).trim().split("\n").at(-1);
    note.textContent = note.title = done && before ? `with ${before}` : "";
    clearTimeout(timer);
    timer = setTimeout(rest, SAID_FOR);
  });
  el.append(code, button, note);
  model.on("change:code", paint);
  model.on("change:copied", paint);
  paint();
  return () => { clearTimeout(timer); model.off("change:code", paint); model.off("change:copied", paint); };
}

export default { render };
