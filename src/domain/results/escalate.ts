import '../text/zod-english';
import * as z from 'zod/mini';
import { cause, report } from './parts';

/** `called: false`: another execution drives the deployment, or there is none. */
export const callOperatorResult = () =>
  z.object({
    called: z.boolean(),
    outcome: z.enum(['DeploymentRejected', 'NeedsOperator']),
    cause: cause(),
    report: report(),
  });
