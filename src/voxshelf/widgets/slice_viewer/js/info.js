/** The fourth pane: where one is, what is on screen and what is under the pointer, in words. */
import { lengthText, visibleBox, zoomOf } from "./geometry.js";
import { axesText } from "./axes.js";
import { element } from "./elements.js";
import { physicalText, valueNodes } from "./controls.js";
import { createSketch } from "./sketch.js";

export function createInfo(source) {
  const values = {};
  const row = (key, term) => {
    values[key] = element("dd", {});
    return [element("dt", {}, term), values[key]];
  };
  const list = element("dl.vxs-facts", {},
    ...row("position", "Position"), ...(source.unit ? row("physical", "") : []), ...(source.axes.length ? row("axes", "At") : []), ...row("box", "In view"),
    ...row("zoom", "Zoom"), ...(source.unit ? row("voxel", "Voxel") : []), ...row("mag", "Mag"),
    ...row("pointer", "Pointer"), ...row("values", ""));
  const sketch = createSketch(source);
  const node = element("div.vxs-info-content", {},
    element("div.vxs-info-name", { title: source.name }, source.name), sketch.node, list);
  const set = (key, text) => { if (values[key] && values[key].textContent !== text) values[key].textContent = text; };
  const update = (view, mags) => {
    const position = view.center.map(Math.floor);
    sketch.update(view);
    set("position", position.join(", "));
    set("physical", physicalText(position, source));
    set("axes", axesText(view.axes));
    set("box", visibleBox(view, source).join(", "));
    set("zoom", `${+(100 / zoomOf(view, source)).toPrecision(3)} %`);
    set("voxel", source.unit ? source.voxelSizeNm.map((edge) => lengthText(edge, 4)).join(" × ") : "");
    set("mag", [...new Set(mags)].join(", "));
  };
  const hover = (found, colorOf) => {
    set("pointer", found ? found.position.join(", ") : "–");
    values.values.replaceChildren(...(found ? valueNodes(found, colorOf) : []));
  };
  return { node, update, hover };
}
