import '../text/zod-english';
import * as z from 'zod/mini';
import { SLOTS } from '../settings/choices';
import { cause, report } from './parts';

export const applyRetentionResult = () =>
  z.object({ removed: z.array(z.string()), kept: z.int(), cause: cause() });

export const completeDeploymentResult = () =>
  z.object({
    outcome: z.literal('DeploymentSucceeded'),
    image: z.string(),
    live: z.enum(SLOTS),
    remark: z.string(),
    report: report(),
  });
