/** Taking things out of the viewer: text to the clipboard, the picture as a file. */
import { scaleBar, scaleRoom } from "./geometry.js";

/** Put a text on the clipboard, also where the page is not served securely. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = Object.assign(document.createElement("textarea"), { value: text });
    area.style.cssText = "position: fixed; opacity: 0";
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    if (!copied) throw new Error("The browser does not allow copying.");
  }
}

/** What a pane shows, as a canvas of its own: picture, segments and scale bar, in screen pixels. */
export function pictureOf({ stage, view }, source, density = window.devicePixelRatio || 1) {
  const [width, height] = view.screen;
  const out = Object.assign(document.createElement("canvas"), { width: width * density, height: height * density });
  const to = out.getContext("2d");
  to.scale(density, density);
  to.fillStyle = "#000";
  to.fillRect(0, 0, width, height);
  const area = stage.picture.getBoundingClientRect();
  for (const canvas of [stage.canvas, stage.segments]) {
    if (canvas.hidden) continue;
    const place = canvas.getBoundingClientRect();
    to.imageSmoothingEnabled = canvas.style.imageRendering !== "pixelated";
    to.drawImage(canvas, place.left - area.left, place.top - area.top, place.width, place.height);
  }
  const bar = scaleBar(view, source, scaleRoom(width));
  const [right, bottom] = [width - 16, height - 14];
  to.fillStyle = "rgb(0 0 0 / 55%)";
  to.fillRect(right - bar.pixels - 6, bottom - 22, bar.pixels + 12, 30);
  to.fillStyle = "#fff";
  to.fillRect(right - bar.pixels, bottom, bar.pixels, 3);
  to.font = "12px sans-serif";
  to.textAlign = "center";
  to.fillText(bar.text, right - bar.pixels / 2, bottom - 6);
  return out;
}

/** Offer a canvas as a PNG file. */
export async function savePicture(canvas, name) {
  const blob = await new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
