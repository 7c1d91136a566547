import type { Fault } from '../../../local/endpoint';
import type { World } from '../../scenarios/world';
import { faultsOf } from '../cases';
import type { Operator } from '../operator';
import { requestOf } from './request';
import type { Event, Prepared, Timed } from './story';

/** How long a state is held, in cloud time, so that what happens there meets it. */
const HELD_MS = 40_000;
/** Real time that a step's effect is given before something befalls it. */
const EFFECT_MS = 300;
/** Real time that a table is locked for. */
const LOCKED_MS = 2_000;
/** How late a slow call is, in cloud time. */
const SLOW_MS = 20_000;

/** Where somebody moves the weights to: no deployment ever asks for that. */
export const MOVED = { a: 60, b: 40 };

/** The deployment that events are about, and where one of them happens. */
export interface Scene {
  world: World;
  operator: Operator;
  /** The deployment's id, its execution and its request. */
  name: string;
  arn: string;
  request: object;
  /** The slot that served when it began. */
  blue: 'a' | 'b';
  /** Is told that somebody has moved the weights. */
  moved: () => void;
  /** The execution that entered the state; undefined when it is over. */
  execution?: string;
}

function preparedFaults(event: Prepared): Fault[] {
  switch (event.kind) {
    case 'fault':
      return faultsOf({ state: event.at, kind: event.befalls });
    case 'call': {
      // the workflow's own calls only: whoever looks at the world afterwards is told the truth
      const call = { operation: event.operation, role: 'Greenlight', times: event.times };
      return [
        event.fails === 'slow' ? { ...call, kind: 'slow', delayMs: SLOW_MS } : { ...call, kind: event.fails },
      ];
    }
    case 'told': {
      const kind = event.told === 'never' ? ('before' as const) : ('twice' as const);
      return [{ operation: 'lambda:Invoke', target: 'GreenlightReconcile', role: 'events', kind, times: 1 }];
    }
  }
}

/** What has to lie ready before a deployment begins, so that its events meet it. */
export function faultsFor(events: readonly Event[]): Fault[] {
  const held = new Set<string>();
  return events.flatMap((event): Fault[] => {
    if (!('when' in event)) return preparedFaults(event);
    if (event.when === 'over' || held.has(event.when.entered)) return [];
    held.add(event.when.entered);
    const target = `Greenlight${event.when.entered}`;
    return [{ operation: 'lambda:Invoke', target, role: 'states', kind: 'slow', delayMs: HELD_MS, times: 1 }];
  });
}

async function command({ verb, when }: Timed & { kind: 'command' }, scene: Scene): Promise<unknown> {
  const { world, operator, name, arn, request, execution } = scene;
  switch (verb) {
    case 'stop':
      return execution && world.stop(execution);
    case 'roll back':
      return operator.rollBack(name);
    case 'approve':
    case 'reject': {
      const late = when !== 'over' && when.entered === 'ConfirmRollback';
      return operator.answer(name, late ? 'rollback' : 'approval', verb);
    }
    case 'pause':
    case 'resume':
      return operator.control(name, verb === 'pause');
    case 'redrive':
      return operator.redrive(arn);
    case 'start again':
      return operator.start(name, request);
  }
}

async function meddle(what: (Timed & { kind: 'meddling' })['with'], scene: Scene): Promise<unknown> {
  const { world, operator, blue, moved } = scene;
  const green = blue === 'a' ? 'b' : 'a';
  switch (what) {
    case 'task':
      return (await world.running())[green] > 0 && world.loseTask(green);
    case 'weights': {
      // whoever gives users to a version that does not run is not the workflow's fault
      const runs = (await operator.healthy('a')) > 0 && (await operator.healthy('b')) > 0;
      if (!runs || (await world.isClosed())) return;
      moved();
      return world.setWeights(MOVED);
    }
    default: {
      const release = await world.holdLock(what);
      await new Promise((resolve) => setTimeout(resolve, LOCKED_MS));
      return release();
    }
  }
}

/** Lets an event happen; whatever refuses it has its reason, and nothing happens. */
export async function happen(event: Timed, scene: Scene): Promise<void> {
  if (scene.execution) await new Promise((resolve) => setTimeout(resolve, EFFECT_MS));
  try {
    if (event.kind === 'command') await command(event, scene);
    else if (event.kind === 'meddling') await meddle(event.with, scene);
    else await scene.operator.start(`${scene.name}-second`, requestOf(event.deploy));
  } catch (error) {
    if (!REFUSED.test((error as Error).name)) throw error;
  }
}

/** Commands that come too late: AWS says so, and an operator reads it. */
const REFUSED =
  /ExecutionAlreadyExists|ExecutionNotRedrivable|ExecutionDoesNotExist|InvalidParameterException/;
