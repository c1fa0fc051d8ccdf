/** The browser's half of `PythonLine`: shows the trait `code` and copies it. */

const SAID_FOR = 1500;

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
  button.title = "Copy the Python that does the same";
  let timer = 0;
  const rest = () => { button.textContent = "Copy"; };
  const paint = () => {
    code.textContent = model.get("code");
    button.style.visibility = model.get("code") ? "visible" : "hidden";
    rest();
  };
  button.addEventListener("click", async () => {
    button.textContent = (await copy(model.get("code"))) ? "Copied" : "Select and copy it";
    clearTimeout(timer);
    timer = setTimeout(rest, SAID_FOR);
  });
  el.append(code, button);
  model.on("change:code", paint);
  paint();
  return () => { clearTimeout(timer); model.off("change:code", paint); };
}

export default { render };
