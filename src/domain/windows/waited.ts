import '../text/zod-english';
import * as z from 'zod/mini';
import type { Deployment } from '../deployment/deployment';
import type { Blue } from '../deployment/variables';
import type { Weight } from './opening';

/** Of a plan what people agree to, and what windows ask for. */
export const weighedSchema = z.object({
  pending: z.array(z.string()),
  contract: z.array(z.string()),
  classes: z.record(z.string(), z.number()),
  taskDefinition: z.optional(z.array(z.string())),
  workers: z.optional(z.array(z.string())),
});
export type Weighed = z.infer<typeof weighedSchema> | null;

/** What a deployment stood for when it began to wait without its lock. */
export interface Waited {
  image: string;
  /** Which version served. */
  live: string;
  /** What it was about to do, and whether people had agreed to that. */
  plan: string;
  approved: boolean;
}

export const weightOf = (
  { strategy, seeds }: Pick<Deployment, 'strategy' | 'seeds'>,
  plan: Weighed,
): Weight =>
  strategy !== 'MAINTENANCE' && !seeds && (plan === null || plan.pending.length + plan.contract.length === 0)
    ? 'code only'
    : 'more';

export function waitedFor(
  { image, strategy }: Pick<Deployment, 'image' | 'strategy'>,
  live: Pick<Blue, 'slot' | 'taskDefinition'>,
  plan: Weighed,
  approved: boolean,
): Waited {
  const { pending, contract, classes, taskDefinition = [], workers = [] } = plan ?? {};
  return {
    image,
    live: `${live.taskDefinition} in slot ${live.slot}`,
    plan: JSON.stringify({ strategy, pending, contract, classes, taskDefinition, workers }),
    approved,
  };
}

/** Why what waited is not begun any more: whoever asked for it did not know of what was released since. */
export const overtaken = (then: Waited, now: Waited): string | undefined =>
  then.live === now.live
    ? undefined
    : `another version was released while it waited: ${then.live} served then, ${now.live} serves now; ask for it again if it is still wanted`;

/** Does what people agreed to before the wait still stand? */
export const stillAgreed = (then: Waited, now: Waited): boolean => then.approved && then.plan === now.plan;
