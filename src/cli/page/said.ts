import * as z from 'zod/mini';
import { sayNo, sayYes } from '../../acts/answer';
import { goOn, holdStill } from '../../acts/pause';
import { endStep } from '../../acts/promote';
import { startRollback } from '../../acts/rollback';
import type { Said } from '../../acts/said';
import { type PageVerb, pageVerbs } from '../../domain/page/actions';
import type { Environment } from '../../domain/step/port';
import { saidBy } from '../said';

/** What each button does is what the verb of its name does. */
const ACTS: Record<PageVerb, (workflow: Environment, said: Said) => Promise<{ text: string }>> = {
  approve: sayYes,
  reject: sayNo,
  pause: holdStill,
  resume: goOn,
  promote: endStep,
  rollback: async (workflow, said) => {
    await startRollback(workflow, said);
    return { text: `the rollback of deployment ${said.deployment} has begun` };
  },
};

const bodySchema = z.strictObject({
  verb: z.enum(pageVerbs),
  deployment: z.string(),
  by: z.string(),
  reason: z.string(),
});

/** What the page sent; undefined for what is none of it. */
export const readSaid = (body: unknown) => bodySchema.safeParse(body).data;

/** Does what somebody said on the page. Throws UsageError for words that nobody can keep, and one clear error for what cannot be done now. */
export async function act(
  workflow: Environment,
  stack: string,
  { verb, ...options }: z.infer<typeof bodySchema>,
): Promise<string> {
  return (await ACTS[verb](workflow, saidBy({ ...options, workflow: stack }))).text;
}
