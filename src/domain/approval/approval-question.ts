import type { Deployment } from '../deployment/deployment';
import type { MigrationPlan } from '../migrations/plan';
import { shortImage } from '../request/image-reference';
import { expiry, type Question } from './question';

interface ApprovalQuestionFacts {
  deployment: Deployment;
  plan: Pick<MigrationPlan, 'pending' | 'remarks' | 'taskDefinition' | 'workers'> & {
    classes: Record<string, number>;
  };
  because: string;
  now: Date;
}

/** What somebody has to know to agree: the version, who wants it and why, what it does to the database, and how it goes live. */
export function approvalQuestion({ deployment, plan, because, now }: ApprovalQuestionFacts): Question {
  const { id, settings, requestedImage, image, requestedBy, reason, strategy, steps, outsideWindow } =
    deployment;
  const { timeoutSeconds, onTimeout } = settings.approval;
  const expiresAt = expiry(now, timeoutSeconds);
  const classes = Object.entries(plan.classes).map(([name, count]) => `${count} ${name}`);
  return {
    deployment: id,
    name: 'approval',
    title: `${settings.service}: may ${shortImage(requestedImage)} be deployed to ${settings.environment}?`,
    lines: [
      `release: ${image}`,
      `asked for by ${requestedBy}: ${reason}`,
      `you are asked because ${because}`,
      plan.pending.length > 0
        ? `migrations: ${plan.pending.join(', ')}; statements by class: ${classes.join(', ')}`
        : 'migrations: none',
      ...plan.remarks,
      ...(plan.taskDefinition?.length ? [`task definition: ${plan.taskDefinition.join(', ')}`] : []),
      ...(plan.workers?.length ? [`workers: ${plan.workers.join(', ')}`] : []),
      `strategy: ${strategy}, ${steps.map(({ percent, bakeSeconds }) => `${settings.traffic ? `${percent} % for` : 'watched for'} ${bakeSeconds} s`).join(', ')}`,
      `without an answer until ${expiresAt} it is ${onTimeout === 'approve' && outsideWindow === null ? 'approved' : 'rejected'}`,
    ],
    askedAt: now.toISOString(),
    expiresAt,
  };
}
