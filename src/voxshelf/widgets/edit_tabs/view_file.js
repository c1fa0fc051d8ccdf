/** The browser's half of `ViewFile`: saves the trait `text` as a file, and reads one that the person chooses. */

function render({ model, el }) {
  const button = (label, title) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.title = title;
    el.append(made);
    return made;
  };
  const save = button("Export JSON", "Save this view configuration as a file");
  const load = button("Import JSON …", "Read a view configuration from a file");
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".json,application/json";
  input.hidden = true;
  el.append(input);

  save.addEventListener("click", () => {
    const url = URL.createObjectURL(new Blob([model.get("text")], { type: "application/json" }));
    const link = document.createElement("a");
    link.href = url;
    link.download = model.get("name");
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  });
  load.addEventListener("click", () => input.click());
  input.addEventListener("change", async () => {
    const file = input.files[0];
    input.value = "";  // the same file can be chosen again
    if (!file) return;
    if (file.size > model.get("largest")) model.send({ kind: "too large", name: file.name, size: file.size });
    else model.send({ kind: "file", name: file.name, text: await file.text() });
  });
  const lock = () => { load.disabled = model.get("disabled"); };
  model.on("change:disabled", lock);
  lock();
  return () => model.off("change:disabled", lock);
}

export default { render };
