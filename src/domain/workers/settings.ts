import * as z from 'zod/mini';
import { nonEmpty } from '../text/schemas';
import { EXECUTION_TIMEOUT_SECONDS } from '../time/limits';

/** When a worker gets the new version: before the first user does, or once all of them are on it and it was found healthy. */
export const MOVES = ['before', 'after'] as const;
export type Moves = (typeof MOVES)[number];

const common = {
  container: nonEmpty.check(
    z.describe('The container of its task definition that carries the released image.'),
  ),
  taskDefinition: z.optional(
    nonEmpty.check(
      z.describe(
        'Family whose newest revision a release is made of; that of what it runs where it is left out.',
      ),
    ),
  ),
  /**
   * `after`, because the worker of the live version works on the expanded schema by definition, and a release that is rolled
   * back while users are being moved has then touched no worker.
   */
  moves: z._default(
    z
      .enum(MOVES)
      .check(
        z.describe(
          'When it gets the new version: before the first user does, or once all of them are on it and it was found healthy.',
        ),
      ),
    'after',
  ),
};

/** What works beside the slots with the same image, without a load balancer: it moves with the release and comes back with it. */
export const workerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('service').check(z.describe('An Amazon ECS service.')),
    service: nonEmpty.check(z.describe('Its name.')),
    ...common,
    steadySeconds: z._default(
      z
        .int()
        .check(
          z.nonnegative(),
          z.maximum(EXECUTION_TIMEOUT_SECONDS),
          z.describe(
            'How long its tasks have to run where no health check says more. ECS takes such a task for healthy after as long.',
          ),
        ),
      40,
    ),
  }),
  z.strictObject({
    kind: z.literal('rule').check(z.describe('An EventBridge rule that starts Amazon ECS tasks.')),
    rule: nonEmpty.check(z.describe('Its name.')),
    eventBus: z._default(nonEmpty.check(z.describe('Name of the bus that it is of.')), 'default'),
    target: nonEmpty.check(z.describe("Id of the rule's target that starts the tasks.")),
    ...common,
  }),
  z.strictObject({
    kind: z
      .literal('schedule')
      .check(z.describe('A schedule of EventBridge Scheduler that starts Amazon ECS tasks.')),
    schedule: nonEmpty.check(z.describe('Its name.')),
    group: z._default(nonEmpty.check(z.describe('Name of its group.')), 'default'),
    ...common,
  }),
]);
export type Worker = z.infer<typeof workerSchema>;

/** What stops and starts as one: a rule does with all of its targets. */
export const switchName = (worker: Worker): string =>
  worker.kind === 'rule' ? `rule/${worker.eventBus}/${worker.rule}` : workerName(worker);

/** A worker that is always at work; the others are started. */
export type WorkerService = Extract<Worker, { kind: 'service' }>;

/** What people call it, and what its claims are filed under. */
export function workerName(worker: Worker): string {
  switch (worker.kind) {
    case 'service':
      return worker.service;
    case 'rule':
      return `rule/${worker.eventBus}/${worker.rule}/${worker.target}`;
    case 'schedule':
      return `schedule/${worker.group}/${worker.schedule}`;
  }
}
