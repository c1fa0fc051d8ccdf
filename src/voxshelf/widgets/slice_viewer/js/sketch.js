/** A small drawing of the volume with the three planes where they are, in parallel projection. */
import { AXES } from "./geometry.js";
import { shape } from "./elements.js";
import { PLANE_COLORS } from "./stage.js";

const SIDE = 110;
const SLANT = [0.42, 0.3]; // how far z goes to the right and up, per unit

/** The corners of a plane at a point, or of the volume's face, in fractions of the volume. */
const corners = ([u, v, normal], depth) => [[0, 0], [1, 0], [1, 1], [0, 1]].map(([a, b]) => {
  const point = [0, 0, 0];
  [point[u], point[v], point[normal]] = [a, b, depth];
  return point;
});

export function createSketch(source) {
  const lengths = [0, 1, 2].map((axis) => Math.max(source.box[3 + axis], 1) * source.voxelSize[axis]);
  const wide = lengths[0] + SLANT[0] * lengths[2];
  const high = lengths[1] + SLANT[1] * lengths[2];
  const scale = SIDE / Math.max(wide, high);
  const project = ([x, y, z]) => [
    scale * (x * lengths[0] + SLANT[0] * z * lengths[2]),
    scale * (y * lengths[1] + SLANT[1] * (1 - z) * lengths[2]),
  ];
  const path = (points) => `M${points.map((point) => project(point).map((at) => at.toFixed(1)).join(",")).join("L")}Z`;
  const faces = [0, 1].flatMap((depth) => Object.values(AXES).map((axes) =>
    shape("path.vxs-edge", { d: path(corners(axes, depth)) })));
  const planes = Object.entries(AXES).map(([plane, axes]) => {
    const node = shape("path.vxs-cut", { stroke: PLANE_COLORS[plane], fill: PLANE_COLORS[plane] });
    return { node, axes };
  });
  const node = shape("svg.vxs-sketch", {
    viewBox: `-3 -3 ${scale * wide + 6} ${scale * high + 6}`, width: SIDE + 6, height: SIDE + 6, role: "img",
    "aria-label": "The three planes in the volume",
  }, ...faces, ...planes.map((plane) => plane.node));
  const update = (view) => {
    for (const { node: cut, axes } of planes) {
      const normal = axes[2];
      const depth = (view.center[normal] - source.box[normal]) / Math.max(source.box[3 + normal], 1);
      cut.setAttribute("d", path(corners(axes, depth)));
    }
  };
  return { node, update };
}
