import { rollbackCommand } from '../domain/rollback/command';
import type { Environment } from '../domain/step/port';
import { type End, follow, newsText, type Tell } from './follow';
import { print, remark } from './print';

export interface Watched {
  deployment: string;
  /** The execution that drives it. */
  execution: string;
  /** Name of the workflow's stack. */
  stack: string;
  json?: boolean;
  /** How many rows of the journal are no news. */
  told?: number;
  /** The deployment is taken back: how it goes is told on standard error, and only the end is the output. */
  back?: boolean;
}

/** Steps after which nothing happens until people answer. */
const ASKS = ['RequestApproval', 'ConfirmRollback'];

const textOf = ({ deployment, stack, back }: Watched): Tell => {
  const say = back ? remark : print;
  let phase = '';
  return (news) => {
    if ('phase' in news && news.phase !== phase) {
      phase = news.phase;
      say(phase);
    }
    say(newsText(news));
    if ('step' in news && ASKS.includes(news.step))
      for (const answer of ['approve', 'reject'])
        say(`      npx greenlight ${answer} ${deployment} --workflow ${stack} --reason "..."`);
  };
};

/** Resolves at the first Ctrl-C, which ends nothing else. */
const interrupted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    const stop = () => resolve(undefined);
    process.once('SIGINT', stop);
    signal.addEventListener('abort', () => process.off('SIGINT', stop));
  });

/** What stands when nobody watches any more. */
function tellOfGoingOn({ deployment, stack, back }: Watched): void {
  remark(`${back ? 'the rollback of ' : ''}deployment ${deployment} goes on without being watched`);
  remark(`  follow it: npx greenlight watch ${deployment} --workflow ${stack}`);
  if (!back) remark(`  stop it:   ${rollbackCommand(deployment, stack)}`);
}

/**
 * Prints what a deployment does until it has ended: lines for people, or one JSON document a line, the last of them its end.
 * Undefined at Ctrl-C. That, and a call that fails, leave the deployment as it is, and how to go on is said.
 */
export async function watched(workflow: Environment, watch: Watched): Promise<End | undefined> {
  const { deployment, execution, json, told = 0, back } = watch;
  const tell: Tell = json && !back ? (news) => print(JSON.stringify({ deployment, ...news })) : textOf(watch);
  const over = new AbortController();
  let end: End | undefined;
  try {
    end = await Promise.race([
      follow(workflow, { deployment, execution, told }, tell),
      interrupted(over.signal),
    ]);
  } finally {
    over.abort();
    if (!end) tellOfGoingOn(watch);
  }
  if (end && json) print(JSON.stringify({ deployment, ...end }));
  else if (end) print([end.outcome, end.cause].filter(Boolean).join(': '));
  return end;
}

/** Of a process that Ctrl-C has ended. Source: Bash Reference Manual, Exit Status. */
const INTERRUPTED = 130;

/** 0 when it did what it was asked to; 1 when not. */
export function exitCodeOf(
  end: End | undefined,
  wanted: 'DeploymentSucceeded' | 'PlanReported' | 'RolledBack',
): number {
  if (!end) return INTERRUPTED;
  return end.outcome === wanted ? 0 : 1;
}
