import { moveWorkers } from '../../lambdas/deploy/move-workers';
import { returnWorkers } from '../../lambdas/return/return-workers';
import { exampleSettings } from '../input/parser';

const now = new Date('2026-11-21T10:00:00Z');
const revision = (target: string, number: number) =>
  `arn:aws:ecs:eu-west-1:1:task-definition/${target}:${number}`;
const targets = ['first', 'second'];
const workers = targets.map((target) => ({
  ...{ kind: 'rule', rule: 'nightly', eventBus: 'default', target, container: 'shop', moves: 'after' },
}));
const deployment = { id: 'd1', strategy: 'MAINTENANCE', settings: { ...exampleSettings(), workers } };

/** A window has stopped a rule with two workers; what is done to them, in order. */
async function play(step: typeof moveWorkers | typeof returnWorkers, from: number) {
  const done: string[] = [];
  let enabled = 0;
  const claimed: Record<string, unknown> = { 'worker-stopped#rule/default/nightly': { desired: 1 } };
  for (const target of targets) {
    const name = `rule/default/nightly/${target}`;
    claimed[`worker#${name}`] = { taskDefinition: revision(target, 1) };
    claimed[`worker-revision#${name}`] = { taskDefinition: revision(target, 2), essential: [] };
  }
  const ports = {
    claims: {
      claimed: async (_: string, name: string) => claimed[name],
      claim: async (_: string, name: string, value: unknown) => {
        claimed[name] ??= value;
        return claimed[name];
      },
    },
    workerRecord: { read: async () => undefined },
    workerReader: {
      now: async (_: string, { target }: { target: string }) => ({ taskDefinition: revision(target, from) }),
    },
    workerMover: {
      move: async (_: string, { target }: { target: string }) => {
        // the second is answered later
        await new Promise((resolve) => setTimeout(resolve, target === 'second' ? 50 : 0));
        done.push(`${target} moved`);
      },
    },
    workerSwitch: {
      activity: async () => ({ desired: enabled }),
      set: async (_: string, __: unknown, { desired }: { desired: number }) => {
        enabled = desired;
        done.push('rule enabled');
      },
    },
    workerTasks: { running: async () => [] },
    taskStopper: { stop: async () => {} },
  };
  const input = {
    deployment,
    moves: 'after',
    since: now.toISOString(),
    now,
    deploymentId: 'd1',
    execution: 'e',
  };
  await step.run(input as never, ports as never);
  return done;
}

it.each([
  ['moves', moveWorkers, 1],
  ['returns', returnWorkers, 2],
] as const)(
  'a rule with two workers that a window has stopped starts once both of them are what it %s them to',
  async (_, step, from) => {
    const done = await play(step, from);
    expect(done.slice(0, 2).sort()).toEqual(['first moved', 'second moved']);
    expect(new Set(done.slice(2))).toEqual(new Set(['rule enabled']));
  },
);
