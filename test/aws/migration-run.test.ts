import { runMigration } from '../../src/aws/migration-run';
import type { Started, TaskRun } from '../../src/aws/tasks';
import type { Deployment } from '../../src/domain/deployment/deployment';

const deployment = {
  id: 'release-7',
  settings: { cluster: 'c', migrations: { container: 'shop', subnets: [], securityGroups: [] } },
} as unknown as Deployment;
const revision = { taskDefinition: 'shop-migration:7', essential: ['shop'] };
const at = (hour: number) => ({ command: ['up'], now: new Date(Date.UTC(2026, 0, 1, hour)) });

/** What ECS is asked for, and what it answers; claims as the journal keeps them: the first value stays. */
function world(answer: () => Started) {
  const kept = new Map<string, unknown>();
  const asked: TaskRun[] = [];
  const claims = {
    claimed: async (_: string, name: string) => kept.get(name),
    claim: async (_: string, name: string, value: unknown) => {
      if (!kept.has(name)) kept.set(name, value);
      return kept.get(name);
    },
  };
  const taskRunner = {
    run: async (task: TaskRun) => {
      asked.push(task);
      return answer();
    },
  };
  const run = (hour: number, kind: 'migrate' | 'revert' = 'migrate') =>
    runMigration({ claims, taskRunner } as never, deployment, kind, revision, at(hour));
  return { run, asked };
}

it.each([[true], [false]])(
  'runs in the subnets of the settings, with a public address where they say so (%p)',
  async (publicIp) => {
    const { run, asked } = world(() => ({ started: true, task: 'arn:task/1' }));
    Object.assign(deployment.settings.migrations, { subnets: ['subnet-1'], publicIp });
    await run(0);
    expect(asked[0]?.network).toMatchObject({ subnets: ['subnet-1'], publicIp });
  },
);

it('does not start a second task a day later, when ECS has forgotten the token: the first one is the answer', async () => {
  const { run, asked } = world(() => ({ started: true, task: 'arn:task/1' }));
  expect(await run(0)).toEqual({ run: 1, started: true, task: 'arn:task/1' });
  expect(await run(26)).toEqual({ run: 1, started: true, task: 'arn:task/1' });
  expect(asked).toHaveLength(1);
  await run(26, 'revert');
  expect(asked).toHaveLength(2);
});

it('asks again within the hour when the answer was lost, because ECS still knows the token', async () => {
  let lost = true;
  const { run, asked } = world(() => {
    if (lost) throw new Error('lost');
    return { started: true, task: 'arn:task/1' };
  });
  await expect(run(0)).rejects.toThrow('lost');
  lost = false;
  expect(await run(1)).toEqual({ run: 1, started: true, task: 'arn:task/1' });
  expect(asked[0]).toEqual(asked[1]);
});

it('does not ask again later, because it might be a second run of the migration', async () => {
  const { run, asked } = world(() => {
    throw new Error('lost');
  });
  await expect(run(0)).rejects.toThrow('lost');
  expect(await run(2)).toEqual({
    run: 1,
    started: false,
    cause: expect.stringContaining(
      'ECS was asked for the task at 2026-01-01T00:00:00.000Z and its answer is not known',
    ),
  });
  expect(asked).toHaveLength(1);
});
