import * as z from 'zod/mini';
import { lookAtTrial, trialEnd } from '../../src/aws/trial';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { checkTrialResult, tryBlueResult } from '../../src/domain/results/deploy';
import { defineStep } from '../../src/runtime/define-step';

export const checkTrial = defineStep({
  name: 'CheckTrial',
  uses: trialEnd,
  fence: 'forward',
  input: z.object({ deployment: checkedDeployment, tried: tryBlueResult() }),
  output: checkTrialResult,
  run: lookAtTrial,
});
