/**
 * The browser's half of `InView`: scrolls the box that it lies in into view when the kernel
 * raises the trait `asked`.
 *
 * "Just pressed" is what a person pressed within the last `PATIENCE` milliseconds, by mouse, finger, Enter or Space.
 * Turning the wheel, dragging a finger or walking with the arrow keys says that they are looking at something else.
 */

const PATIENCE = 60_000;
const GROWS_FOR = 10_000;
const LOW = 0.55; // A box that begins further down in its frame is not in view.

/** The part of the window in which a node can be seen: what its scrolling surroundings leave of it. */
function frameOf(node) {
  let [top, bottom] = [0, window.innerHeight];
  for (let outer = node.parentElement; outer; outer = outer.parentElement) {
    if (!/auto|scroll/.test(getComputedStyle(outer).overflowY) || outer.scrollHeight <= outer.clientHeight) continue;
    const edges = outer.getBoundingClientRect();
    [top, bottom] = [Math.max(top, edges.top), Math.min(bottom, edges.bottom)];
  }
  return { top, bottom };
}

function isSeen(node) {
  const [box, frame] = [node.getBoundingClientRect(), frameOf(node)];
  if (box.top < frame.top - 1) return false;
  return box.bottom <= frame.bottom || box.top <= frame.top + LOW * (frame.bottom - frame.top);
}

function render({ model, el }) {
  const own = el.closest(".vx-in-view") ?? el;
  const root = () => own.closest(".vx-root");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  let pressed = 0;
  let growing;
  let timer = 0;
  const rest = () => { growing?.disconnect(); clearTimeout(timer); growing = undefined; };
  const moveOn = () => { pressed = 0; rest(); };
  const onPress = (event) => {
    if (!root()?.contains(event.target)) return;
    rest();
    pressed = performance.now();
  };
  const onKey = (event) => { if (event.key === "Enter" || event.key === " ") onPress(event); else moveOn(); };
  const reveal = () => {
    const box = own.parentElement;
    if (box && !isSeen(box)) box.scrollIntoView({ block: "start", behavior: calm.matches ? "auto" : "smooth" });
  };
  const onAsked = () => {
    if (!pressed || performance.now() - pressed > PATIENCE) return;
    pressed = 0;
    rest();
    // The box fills little by little: until then the page may be too short to scroll as far as it should.
    growing = new ResizeObserver(reveal);
    growing.observe(own.parentElement);
    timer = setTimeout(rest, GROWS_FOR);
  };
  const listened = { pointerdown: onPress, keydown: onKey, wheel: moveOn, touchmove: moveOn };
  for (const [name, act] of Object.entries(listened)) document.addEventListener(name, act, { capture: true, passive: true });
  model.on("change:asked", onAsked);
  return () => {
    rest();
    model.off("change:asked", onAsked);
    for (const [name, act] of Object.entries(listened)) document.removeEventListener(name, act, { capture: true });
  };
}

export default { render };
