import * as z from 'zod/mini';
import { startTrial, trialStart } from '../../src/aws/trial';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { liveSchema } from '../../src/domain/deployment/variables';
import { tryBlueAgainResult } from '../../src/domain/results/revert';
import { defineStep } from '../../src/runtime/define-step';

export const tryBlueAgain = defineStep({
  name: 'TryBlueAgain',
  uses: trialStart,
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, live: liveSchema, migrationRan: z.boolean() }),
  output: tryBlueAgainResult,
  run: startTrial,
});
