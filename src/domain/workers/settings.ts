import * as z from 'zod/mini';
import { nonEmpty } from '../text/schemas';
import { EXECUTION_TIMEOUT_SECONDS } from '../time/limits';

/** When a worker gets the new version: before the first user does, or once all of them are on it and it was found healthy. */
export const MOVES = ['before', 'after'] as const;
export type Moves = (typeof MOVES)[number];

const common = {
  /** The container of its task definition that carries the released image. */
  container: nonEmpty,
  /** Family whose newest revision a release is made of; that of what it runs where it is left out. */
  taskDefinition: z.optional(nonEmpty),
  /**
   * `after`, because the worker of the live version works on the expanded schema by definition, and a release that is rolled
   * back while users are being moved has then touched no worker.
   */
  moves: z._default(z.enum(MOVES), 'after'),
};

/** What works beside the slots with the same image, without a load balancer: it moves with the release and comes back with it. */
export const workerSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('service'),
    /** Amazon ECS service name. */
    service: nonEmpty,
    ...common,
    /** How long its tasks have to run where no health check says more. ECS takes such a task for healthy after as long. */
    steadySeconds: z._default(z.int().check(z.nonnegative(), z.maximum(EXECUTION_TIMEOUT_SECONDS)), 40),
  }),
  z.strictObject({
    kind: z.literal('rule'),
    /** Name of an EventBridge rule, and the bus that it is of. */
    rule: nonEmpty,
    eventBus: z._default(nonEmpty, 'default'),
    /** Id of the rule's target that starts Amazon ECS tasks. */
    target: nonEmpty,
    ...common,
  }),
  z.strictObject({
    kind: z.literal('schedule'),
    /** Name of an EventBridge Scheduler schedule that starts Amazon ECS tasks, and its group. */
    schedule: nonEmpty,
    group: z._default(nonEmpty, 'default'),
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
