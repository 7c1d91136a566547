import * as z from 'zod/mini';
import { lookAtTrial, trialEnd } from '../../src/aws/trial';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { checkTrialAgainResult, tryBlueAgainResult } from '../../src/domain/results/revert';
import { defineStep } from '../../src/runtime/define-step';

export const checkTrialAgain = defineStep({
  name: 'CheckTrialAgain',
  uses: trialEnd,
  fence: 'renew',
  input: z.object({ deployment: checkedDeployment, tried: tryBlueAgainResult() }),
  output: checkTrialAgainResult,
  run: lookAtTrial,
});
