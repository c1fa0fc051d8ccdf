// @ts-check
/**
 * The launcher entry of JupyterLab: a tile that opens a notebook with the dataset store in it.
 *
 * JupyterLab loads a prebuilt extension as a module federation container, usually written by a bundler: an object
 * with `init(scope)`, which is told where shared modules are, and `get(name)`, which gives a factory of the
 * extension's module. One of this size is written by hand.
 */
(() => {
  "use strict";

  const COMMAND = "voxshelf:open";
  const SOURCE = "import voxshelf as vx\n\nvx.show(vx.open_store())";
  /** Books on a shelf, in a blue that stands out from light and from dark paper.
   * @param {number} width */
  const shelf = (width) =>
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="${width}">` +
    '<g fill="#1e88e5"><path d="M3 4h5v16H3zM9.5 4h5v16h-5zM16.2 4.6l4.2-1 3.4 15.6-4.2 1z" opacity=".55"/>' +
    '<path d="M3 8h5v3H3zM9.5 12h5v4h-5zM17.3 9.7l4.2-1 .7 3-4.2 1z"/></g></svg>';

  /** @type {Record<string, Record<string, {get: () => Promise<() => any>}>>} */
  let shared = {};

  /** A module that JupyterLab shares with its extensions; undefined where this front end has none such.
   * @param {string} name */
  async function load(name) {
    const versions = Object.values(shared[name] ?? {});
    return versions.length ? (await versions[0].get())() : undefined;
  }

  /** Put the store into a new notebook and run it.
   * @param {any} app
   * @param {string | undefined} folder */
  async function open(app, folder) {
    const panel = await app.commands.execute("notebook:create-new", {
      cwd: folder,
      kernelName: app.serviceManager.kernelspecs.specs?.default,
    });
    await panel.context.ready;
    const model = panel.content.model.sharedModel;
    model.transact(() => {
      model.deleteCellRange(0, model.cells.length);
      model.insertCell(0, { cell_type: "code", source: SOURCE });
    });
    panel.content.activeCellIndex = 0;
    await panel.sessionContext.ready;
    await app.commands.execute("notebook:run-all-cells");
    return panel;
  }

  /** @param {any} launcherModule @param {any} apputils @param {any} components */
  function plugin(launcherModule, apputils, components) {
    return {
      id: "voxshelf:launcher",
      description: "A launcher entry that opens the dataset store in a notebook.",
      autoStart: true,
      optional: [launcherModule?.ILauncher, apputils?.ICommandPalette].filter(Boolean),
      /** @param {any} app @param {any[]} found */
      activate: (app, ...found) => {
        const icon = components && new components.LabIcon({ name: "voxshelf:shelf", svgstr: shelf(16) });
        app.commands.addCommand(COMMAND, {
          label: "Datasets",
          caption: "Find, look at, import and share 3D image datasets",
          icon,
          execute: (/** @type {any} */ args) => open(app, args.cwd),
        });
        const [launcher, palette] = launcherModule?.ILauncher ? found : [undefined, found[0]];
        // Cards among the notebooks show a picture by its address, not by its icon.
        const picture = `data:image/svg+xml,${encodeURIComponent(shelf(52))}`;
        launcher?.add({ command: COMMAND, category: "Notebook", rank: 50, kernelIconUrl: picture });
        palette?.addItem({ command: COMMAND, category: "voxshelf" });
      },
    };
  }

  const container = {
    /** @param {typeof shared} scope */
    init(scope) {
      shared = scope;
    },
    /** @param {string} name */
    async get(name) {
      if (name !== "./extension") throw new Error(`voxshelf offers no ${name}`);
      const modules = ["@jupyterlab/launcher", "@jupyterlab/apputils", "@jupyterlab/ui-components"];
      const [launcher, apputils, components] = await Promise.all(modules.map(load));
      return () => ({ __esModule: true, default: plugin(launcher, apputils, components) });
    },
  };

  const page = /** @type {any} */ (window);
  page._JUPYTERLAB = page._JUPYTERLAB ?? {};
  page._JUPYTERLAB.voxshelf = container;
})();
