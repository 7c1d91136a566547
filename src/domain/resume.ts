import * as z from 'zod';

/**
 * What the machine is started with to go on with a deployment that is there already. `rollback`: an operator wants the
 * previous version back; `recover`: its execution is over, and it is driven to whatever end is true and near.
 */
export const resumeSchema = z.strictObject({
  resume: z.enum(['rollback', 'recover']),
  deploymentId: z.string().min(1).max(80),
  requestedBy: z.string().min(1).max(200).default('unknown'),
  reason: z.string().min(1, 'expected why, in a few words').max(500),
});
export type Resume = z.infer<typeof resumeSchema>;
