import * as z from 'zod/mini';
import { approvalOf } from '../../src/domain/approval/rules';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { chooseStrategy as choose, stepsOf } from '../../src/domain/deployment/strategy';
import { chooseStrategyResult } from '../../src/domain/results/prepare';
import { strategies } from '../../src/domain/settings/choices';
import { defineStep } from '../../src/runtime/define-step';

export const chooseStrategy = defineStep({
  name: 'ChooseStrategy',
  uses: {},
  input: z.object({
    deployment: checkedDeployment,
    plan: z.nullable(
      z.object({
        strategies: z.array(z.enum(strategies)),
        classes: z.record(z.string(), z.number()),
        cause: z.string(),
      }),
    ),
  }),
  output: chooseStrategyResult,
  async run({ deployment, plan }) {
    const { settings } = deployment;
    const choice = choose(deployment.strategy, plan, settings);
    if ('refused' in choice)
      return { chosen: false, deployment: null, because: '', approval: null, cause: choice.refused };
    const { strategy, because } = choice;
    return {
      chosen: true,
      deployment: { ...deployment, strategy, steps: stepsOf(strategy, settings) },
      because,
      approval: approvalOf({
        environment: settings.environment,
        plan,
        strategy,
        required: deployment.approvalRequired,
        rules: settings.approval.rules,
      }),
      cause: '',
    };
  },
});
