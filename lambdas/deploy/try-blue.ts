import * as z from 'zod/mini';
import { startTrial, trialStart } from '../../src/aws/trial';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { tryBlueResult } from '../../src/domain/results/deploy';
import { defineStep } from '../../src/runtime/define-step';

export const tryBlue = defineStep({
  name: 'TryBlue',
  uses: trialStart,
  fence: 'forward',
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    plan: z.object({ pending: z.array(z.string()) }),
  }),
  output: tryBlueResult,
  run: ({ plan, ...input }, ports) => startTrial({ ...input, migrationRan: plan.pending.length > 0 }, ports),
});
