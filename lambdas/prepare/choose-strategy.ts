import * as z from 'zod/mini';
import { claims } from '../../src/aws/journal';
import { approvalOf } from '../../src/domain/approval/rules';
import { checkedDeployment } from '../../src/domain/deployment/checked-deployment';
import { outlookAt } from '../../src/domain/deployment/few-requests';
import { withoutUsers } from '../../src/domain/deployment/first';
import { type Chosen, chooseStrategy as choose, stepsOf } from '../../src/domain/deployment/strategy';
import { liveSchema } from '../../src/domain/deployment/variables';
import { basisOf } from '../../src/domain/evidence/basis';
import { chooseStrategyResult } from '../../src/domain/results/prepare';
import { strategies } from '../../src/domain/settings/choices';
import { type MayBegin, mayBegin } from '../../src/domain/windows/may-begin';
import { overtaken, stillAgreed, waitedFor, weighedSchema, weightOf } from '../../src/domain/windows/waited';
import { defineStep } from '../../src/runtime/define-step';

const refused = (cause: string) => ({
  chosen: false,
  deployment: null,
  because: '',
  warnings: [],
  approval: null,
  begins: null,
  cause,
});

/** What a plan says of it. */
const aboutBegin = ({ may, because }: MayBegin) =>
  may === 'not' ? `begun now it would be rejected: ${because}` : because;

const FIRST: Chosen = {
  strategy: 'ALL_AT_ONCE',
  because: 'nobody is served yet: there is no previous version to compare with, to try or to return to',
};

export const chooseStrategy = defineStep({
  name: 'ChooseStrategy',
  uses: { claims },
  input: z.object({
    deployment: checkedDeployment,
    live: liveSchema,
    plan: z.nullable(
      z.object({
        ...weighedSchema.shape,
        strategies: z.array(z.enum(strategies)),
        cause: z.string(),
      }),
    ),
    /** When the deployment was asked for. */
    since: z.iso.datetime(),
  }),
  output: chooseStrategyResult,
  async run({ deployment, live, plan, since, now }, ports) {
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
    const { windows } = settings;
    const stands = waitedFor({ ...deployment, strategy }, live, plan, false);
    const waited = deployment.waited && (await ports.claims.claimed(deployment.id, 'awaited'));
    const late = waited && overtaken(waited, stands);
    if (late) return refused(`${late}; nothing was changed`);
    const begins = waited
      ? null
      : mayBegin({
          ...{ windows, since, now, weight: weightOf({ ...deployment, strategy }, plan) },
          notBefore: deployment.notBefore,
          outsideWindow: deployment.outsideWindow,
          aheadSeconds: strategy === 'MAINTENANCE' ? windows.announceSeconds : 0,
        });
    if (begins?.may === 'not' && !deployment.dryRun) return refused(`${begins.because}; nothing was changed`);
    const basis = basisOf(settings);
    return {
      chosen: true,
      deployment: { ...deployment, settings, strategy, steps },
      because: basis ? `${because}; ${basis.says}` : because,
      warnings: [
        ...(outlook && 'slow' in outlook ? [outlook.slow] : []),
        ...(basis?.warning ? [basis.warning] : []),
        ...(begins && begins.may !== 'now' ? [aboutBegin(begins)] : []),
      ],
      approval: approvalOf({
        environment: settings.environment,
        plan,
        strategy,
        required: deployment.approvalRequired,
        outsideWindow: deployment.outsideWindow,
        agreed: waited ? stillAgreed(waited, stands) : false,
        rules: settings.approval.rules,
      }),
      begins,
      cause: '',
    };
  },
});
