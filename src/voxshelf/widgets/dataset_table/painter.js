/**
 * The browser's half of `Painter`: makes the grid (the trait `grid`, an ipydatagrid) paint once per frame, and brings
 * pictures and check marks that came later into its cells.
 *
 * ipydatagrid paints all cells anew for each cell that changes and for each column that is resized, one after the
 * other, which takes seconds for the fifty pictures of a page. Here what is to be painted is gathered until the next
 * frame. A picture is decoded before its cell changes, so that nothing is painted without it and then once more.
 *
 * Message from the kernel: `{edition, cells: [[column, row, value], …]}`; `edition` tells which rows are meant: their
 * key column starts with it. Message to the kernel: `{ready: true}`, whenever a browser begins to listen.
 */

const LONGEST_WAIT = 2000;
const OF_ONE_PAGE = /^(filter|sort:Clear|grid:reset|clearSelection)/;

/** Make a Lumino data grid paint at most once per frame; one that we do not know stays as it is. */
function paintOncePerFrame(grid) {
  if (typeof grid.paintContent !== "function" || Object.hasOwn(grid, "paintContent")) return;
  const paint = grid.paintContent;
  let due = null;
  grid.paintContent = (x, y, width, height) => {
    const now = { x1: x, y1: y, x2: x + width, y2: y + height, scrollX: grid.scrollX, scrollY: grid.scrollY };
    if (due) {
      // What was scrolled in between stands elsewhere now: then everything is painted.
      const moved = due.whole || due.scrollX !== now.scrollX || due.scrollY !== now.scrollY;
      due = {
        x1: Math.min(due.x1, x), y1: Math.min(due.y1, y), x2: Math.max(due.x2, now.x2), y2: Math.max(due.y2, now.y2),
        scrollX: now.scrollX, scrollY: now.scrollY, whole: moved,
      };
      return;
    }
    due = now;
    requestAnimationFrame(() => {
      let { x1, y1, x2, y2, whole } = due;
      due = null;
      if (grid.isDisposed) return;
      // Lumino's own sizes, which a grid that is hidden keeps: nobody asks it to paint when it is shown again.
      const { viewportWidth = x2, viewportHeight = y2 } = grid;
      if (whole) [x1, y1, x2, y2] = [0, 0, viewportWidth, viewportHeight];
      [x2, y2] = [Math.min(x2, viewportWidth), Math.min(y2, viewportHeight)];
      if (x2 > x1 && y2 > y1) paint.call(grid, x1, y1, x2 - x1, y2 - y1);
    });
  };
}

/** Take out of the header's menu what would hide rows of this page only, or do nothing here. */
function offerNoFilters(featherGrid) {
  const menu = featherGrid.contextMenu?._menu;
  if (typeof menu?.addItem !== "function" || Object.hasOwn(menu, "addItem")) return;
  const add = menu.addItem.bind(menu);
  menu.addItem = (item) => (OF_ONE_PAGE.test(item.command ?? "") ? null : add(item));
}

/** The Lumino data grids that show a model, as far as they are there. */
async function gridsOf(gridModel) {
  return (await viewsOf(gridModel)).map((view) => view.grid.grid).filter((grid) => grid && !grid.isDisposed);
}

/** The views of a model, as far as they are there. */
async function viewsOf(gridModel) {
  const views = await Promise.all(Object.values(gridModel.views ?? {}));
  return views.filter((view) => view.grid);
}

/** Have pictures decoded by the one who will draw them. */
async function decode(views, column, values) {
  const late = new Promise((resolve) => setTimeout(resolve, LONGEST_WAIT));
  const loads = views.flatMap((view) => {
    const renderer = view.grid.renderers?.[column];
    if (typeof renderer?.load !== "function") return [];
    return values.map((value) => (renderer.isReady({ value }) ? null : renderer.load({ value })));
  });
  await Promise.race([Promise.all(loads), late]);
}

/**
 * Paint the pictures that came with the rows once more when they are decoded: ipydatagrid does so itself, but now and
 * then leaves a hole where one was decoded while the grid was being laid out.
 */
async function fillHoles(gridModel) {
  const { dataset } = gridModel.data_model ?? {};
  const views = await viewsOf(gridModel);
  for (const [column, values] of Object.entries(dataset?.data ?? {})) {
    const pictures = [...values].filter(isPicture);
    if (!views.some((view) => pictures.some((value) => view.grid.renderers?.[column]?.isReady({ value }) === false))) continue;
    await decode(views, column, pictures);
    if (gridModel.data_model.dataset !== dataset) return;
    const at = gridModel.data_model.columnNameToIndex(column);
    for (const grid of await gridsOf(gridModel)) grid.repaintRegion("body", 0, at, grid.rowCount("body") - 1, at);
  }
}

const isPicture = (value) => typeof value === "string" && value.startsWith("data:");

class Painter {
  constructor(model, gridModel) {
    this.model = model;
    this.gridModel = gridModel;
    this.waiting = [];
    this.come = this.come.bind(this);
    this.rowsCame = () => { void this.put(); void fillHoles(gridModel); };
  }

  start() {
    this.model.on("msg:custom", this.come);
    this.gridModel.on("data-model-changed", this.rowsCame);
    this.model.send({ ready: true });
  }

  stop() {
    this.model.off("msg:custom", this.come);
    this.gridModel.off("data-model-changed", this.rowsCame);
  }

  async come({ edition, cells }) {
    if (cells === undefined) return;
    // A check mark waits for no picture: a later message would pass it, and it would undo what that one said.
    const [late, now] = [cells.filter(([, , value]) => isPicture(value)), cells.filter(([, , value]) => !isPicture(value))];
    this.waiting.push({ edition, cells: now });
    await this.put();
    if (!late.length) return;
    const pictures = new Map();
    for (const [column, , value] of late) pictures.set(column, [...(pictures.get(column) ?? []), value]);
    const views = await viewsOf(this.gridModel);
    for (const [column, values] of pictures) await decode(views, column, values);
    this.waiting.push({ edition, cells: late });
    await this.put();
  }

  /** Put cells into the rows they are meant for; those of rows that are not here yet wait, those of older rows go. */
  async put() {
    const data = this.gridModel.data_model?.dataset;
    const here = Number(data?.data.key?.[0] ?? -1);
    const mine = this.waiting.filter(({ edition }) => edition === here);
    this.waiting = this.waiting.filter(({ edition }) => edition > here);
    const changed = mine.flatMap(({ cells }) => cells).filter(([column]) => column in data.data);
    if (!changed.length) return;
    for (const [column, row, value] of changed) data.data[column][row] = value;
    if ((this.gridModel.get("_transforms") ?? []).length > 0) {
      // A view that is sorted or filtered holds copies: ipydatagrid's own way makes it anew.
      const [column, row, value] = changed[0];
      this.gridModel.data_model.setModelData("body", row, this.gridModel.data_model.columnNameToIndex(column), value);
    }
    for (const grid of await gridsOf(this.gridModel)) this.repaint(grid, changed);
  }

  repaint(grid, changed) {
    for (const column of new Set(changed.map(([name]) => name))) {
      const at = this.gridModel.data_model.columnNameToIndex(column);
      const rows = changed.filter(([name]) => name === column).map(([, row]) => row);
      grid.repaintRegion("body", Math.min(...rows), at, Math.max(...rows), at);
    }
  }
}

async function initialize({ model }) {
  const gridModel = await model.widget_manager.get_model(model.get("grid").slice(10));
  const painter = new Painter(model, gridModel);
  painter.start();
  return () => painter.stop();
}

async function render({ model }) {
  const gridModel = await model.widget_manager.get_model(model.get("grid").slice(10));
  for (const { grid } of await viewsOf(gridModel)) {
    paintOncePerFrame(grid.grid);
    offerNoFilters(grid);
  }
  await fillHoles(gridModel);
}

export default { initialize, render };
