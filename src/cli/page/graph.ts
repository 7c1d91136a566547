import type { Definition } from '../../../statemachines';
import { type Layout, layoutOf } from '../../../statemachines/drawing/layout';
import { plainSvgOf } from '../../../statemachines/drawing/svg';
import type { Mark } from '../../../statemachines/drawing/trail';
import { type HistoryEvent, wayOf } from '../../domain/report/way';

/** Room for every sign that a state may get, so that nothing moves when it gets one. */
const ROOM = { visits: { get: (): Mark => ({ look: 'done', times: 99 }) } };

interface Layouts {
  phases: Layout;
  inside: Map<string, Layout>;
}

/** Placing takes far longer than drawing, and most deployments run the same machine. */
const placed = new Map<string, Layouts>();

function layoutsOf(definition: string): Layouts {
  const known = placed.get(definition);
  if (known) return known;
  const machine = JSON.parse(definition) as Definition;
  const inside = new Map<string, Layout>();
  for (const [name, { Branches }] of Object.entries(machine.States))
    if (Branches?.[0]) inside.set(name, layoutOf(Branches[0], true, ROOM));
  const layouts = { phases: layoutOf(machine, false, ROOM), inside };
  placed.set(definition, layouts);
  return layouts;
}

/**
 * The phases of a deployment's newest execution, and of each phase its states, as pictures with the way taken; and the phase that
 * it is in.
 */
export function drawingsOf(
  definition: string,
  events: readonly HistoryEvent[],
  running: boolean,
): { graph: string; phase: string; [inside: `inside ${string}`]: string } {
  const { phases, inside } = layoutsOf(definition);
  const trail = wayOf(events, running);
  return {
    graph: plainSvgOf('The phases', phases, trail),
    phase: [...trail.visits].findLast(([name]) => inside.has(name))?.[0] ?? '',
    ...Object.fromEntries(
      [...inside].map(([name, layout]) => [`inside ${name}`, plainSvgOf(name, layout, trail)]),
    ),
  };
}
