/** Waiting: for the next moment something may happen, for an element to be there. */

/** Call `act` at most every `ms`, and once more at the end. */
export function throttled(act, ms) {
  let timer = 0;
  let again = false;
  const fire = () => {
    timer = 0;
    if (again) run();
  };
  const run = () => {
    again = false;
    act();
    timer = setTimeout(fire, ms);
  };
  const call = () => { if (timer) again = true; else run(); };
  call.cancel = () => clearTimeout(timer);
  return call;
}

/** The element of a figure, when bqplot has drawn it; null if that is no longer wanted. */
export async function drawn(el, selector, isWanted) {
  for (let pause = 20; isWanted(); pause = Math.min(pause * 1.1, 500)) {
    const figure = el.closest(".vx-slice-viewer")?.querySelector(selector);
    const isDrawn = !figure?.matches(".vxs-figure") || figure.querySelector("svg.svg-figure");
    if (figure?.isConnected && isDrawn) return figure;
    await new Promise((resolve) => { setTimeout(resolve, pause); });
  }
  return null;
}
