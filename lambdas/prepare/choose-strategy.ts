import * as z from 'zod/mini';
import { approvalOf } from '../../src/domain/approval/rules';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { outlookAt } from '../../src/domain/deployment/few-requests';
import { withoutUsers } from '../../src/domain/deployment/first';
import { type Chosen, chooseStrategy as choose, stepsOf } from '../../src/domain/deployment/strategy';
import { liveSchema } from '../../src/domain/deployment/variables';
import { basisOf } from '../../src/domain/evidence/basis';
import { chooseStrategyResult } from '../../src/domain/results/prepare';
import { strategies } from '../../src/domain/settings/choices';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({
  chosen: false,
  deployment: null,
  because: '',
  warnings: [],
  approval: null,
  cause,
});

const FIRST: Chosen = {
  strategy: 'ALL_AT_ONCE',
  because: 'nobody is served yet: there is no previous version to compare with, to try or to return to',
};

export const chooseStrategy = defineStep({
  name: 'ChooseStrategy',
  uses: {},
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    plan: z.nullable(
      z.object({
        strategies: z.array(z.enum(strategies)),
        classes: z.record(z.string(), z.number()),
        cause: z.string(),
      }),
    ),
  }),
  output: chooseStrategyResult,
  async run({ deployment, live, plan }) {
    const settings = live.first ? withoutUsers(deployment.settings) : deployment.settings;
    const choice = live.first ? FIRST : choose(deployment.strategy, plan, settings);
    if ('refused' in choice) return refused(choice.refused);
    const { strategy, because } = choice;
    const steps = stepsOf(strategy, settings);
    const outlook =
      live.requestsPerSecond === undefined
        ? undefined
        : outlookAt(live.requestsPerSecond, strategy, steps, settings);
    if (outlook && 'hopeless' in outlook) return refused(`${outlook.hopeless}; nothing was changed`);
    const basis = basisOf(settings);
    return {
      chosen: true,
      deployment: { ...deployment, settings, strategy, steps },
      because: basis ? `${because}; ${basis.says}` : because,
      warnings: [
        ...(outlook && 'slow' in outlook ? [outlook.slow] : []),
        ...(basis?.warning ? [basis.warning] : []),
      ],
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
