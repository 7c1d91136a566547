import dagre from '@dagrejs/dagre';
import type { Definition, State } from '../expand';
import { signOf, type Trail } from './trail';

/** A state as it is drawn: its middle and its size, in pixels. */
export interface Box {
  name: string;
  state: State;
  x: number;
  y: number;
  width: number;
  height: number;
  /** What stands in an open phase, from the box's own corner. */
  inside?: Layout;
}
export interface Line {
  from: string;
  to: string;
  /** Taken by an error. */
  caught: boolean;
  points: { x: number; y: number }[];
}
export interface Layout {
  width: number;
  height: number;
  boxes: Box[];
  lines: Line[];
}

const HEIGHT = 34;
/** Room for a phase's name above its states. */
export const TITLE = 26;
const PADDING = 12;
/** Of a letter at 13 px. */
const LETTER = 7.4;

/** Where a state leads, decisions before errors. */
export const waysOf = (state: State) => [
  ...[...(state.Choices ?? []).map(({ Next }) => Next), state.Next, state.Default]
    .filter((to) => to !== undefined)
    .map((to) => ({ to, caught: false })),
  ...(state.Catch ?? []).map(({ Next }) => ({ to: Next, caught: true })),
];

/**
 * Places the states of a machine from top to bottom, as the console of Step Functions does; layers by Sugiyama's method,
 * as the library dagre has it.
 * @param open whether phases show what stands in them
 * @param trail whose signs need room behind the names; left out, none do
 */
export function layoutOf(
  machine: Pick<Definition, 'States' | 'StartAt'>,
  open: boolean,
  trail?: { visits: Pick<Trail['visits'], 'get'> },
): Layout {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: 'TB', nodesep: 14, edgesep: 8, ranksep: 26, marginx: 8, marginy: 8 });
  graph.setDefaultEdgeLabel(() => ({}));
  const inside = new Map<string, Layout>();
  for (const [name, state] of Object.entries(machine.States)) {
    const branch = open ? state.Branches?.[0] : undefined;
    const inner = branch && layoutOf(branch, open, trail);
    if (inner) inside.set(name, inner);
    const letters = name.length + signOf(trail?.visits.get(name)).length;
    graph.setNode(name, {
      width: Math.max(inner ? inner.width + 2 * PADDING : 0, Math.ceil(letters * LETTER) + 20),
      height: inner ? inner.height + TITLE + PADDING : HEIGHT,
    });
  }
  const caught = new Map<string, boolean>();
  for (const [name, state] of Object.entries(machine.States))
    for (const way of waysOf(state)) {
      const key = `${name} ${way.to}`;
      // what an error takes as well as a decision is drawn once, as the decision
      caught.set(key, way.caught && (caught.get(key) ?? true));
      // the way that ends well is drawn straight
      graph.setEdge(name, way.to, { weight: way.to === state.Next ? 12 : 1 });
    }
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    boxes: Object.entries(machine.States).map(([name, state]) => {
      const { x, y, width, height } = graph.node(name);
      return { name, state, x, y, width, height, ...(inside.has(name) ? { inside: inside.get(name) } : {}) };
    }),
    lines: graph.edges().map(({ v, w }: { v: string; w: string }) => ({
      from: v,
      to: w,
      caught: caught.get(`${v} ${w}`) ?? false,
      points: graph.edge(v, w).points,
    })),
  };
}

/** Widest of the open phases. */
export const widestPhase = ({ boxes }: Layout): number =>
  Math.max(0, ...boxes.map(({ inside, width }) => (inside ? width : 0)));
