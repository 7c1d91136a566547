import { overrides } from '../settings/choices';
import type { Settings } from '../settings/settings';
import { shown } from '../text/printable';
import { type Level, levels } from '../validation/check';
import type { DeploymentRequest } from './request';

/** To look at more of the database than an environment does is anybody's right. */
const looksCloser = (requested: Level, usual: Level) => levels.indexOf(requested) >= levels.indexOf(usual);

/** What a request asks for beyond its environment's limits or its service, one line each; none when it keeps to them. */
export function limitProblems(
  request: DeploymentRequest,
  {
    limits,
    environment,
    validation,
    evidence: { alarms },
  }: Pick<Settings, 'limits' | 'environment' | 'validation' | 'evidence'>,
): string[] {
  const problems = overrides
    .filter((name) => request[name] !== undefined && !limits.overrides.includes(name))
    .filter((name) => name !== 'validation' || !looksCloser(request.validation ?? validation, validation))
    .map((name) => `request.${name}: ${environment} allows no ${name} of a request's own; leave it out`);
  if (request.accept.length > 0 && !limits.accept)
    problems.push(
      `request.accept: accept is not allowed in environment ${environment}; release the change in stages as greenlight plan writes them`,
    );
  const bakes = [
    ['bakeSeconds', request.bakeSeconds],
    ['linear.seconds', request.linear?.seconds],
  ] as const;
  for (const [name, seconds] of bakes)
    if (seconds !== undefined && seconds < limits.minimumBakeSeconds)
      problems.push(
        `request.${name}: expected at least ${limits.minimumBakeSeconds} in ${environment}, received ${seconds}`,
      );
  const known =
    alarms.length > 0
      ? `an alarm of the service (${alarms.join(', ')})`
      : 'none, for the service has no alarms';
  for (const name of (request.acceptAlarms ?? []).filter((name) => !alarms.includes(name)))
    problems.push(`request.acceptAlarms: expected ${known}, received ${shown(name)}`);
  return problems;
}
