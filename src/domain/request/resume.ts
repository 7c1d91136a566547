import * as z from 'zod/mini';
import { identifier, why, words } from '../text/schemas';

/** A deployment has the name of its execution, which has no white space. Source: AWS Step Functions API Reference, StartExecution. */
export const deploymentName = z.pipe(
  identifier(80),
  z.string().check(z.regex(/^\S+$/, 'expected the name of an execution')),
);

/**
 * What the machine is started with to go on with a deployment that is there already. `rollback`: an operator wants the
 * previous version back; `recover`: its execution is over, and it is driven to whatever end is true and near.
 */
export const resumeSchema = z.strictObject({
  resume: z.enum(['rollback', 'recover']),
  deploymentId: deploymentName,
  requestedBy: z._default(words(200, 'who wants it'), 'unknown'),
  reason: why('why, in a few words'),
});
export type Resume = z.infer<typeof resumeSchema>;
