import type { ContainerDefinition } from '@aws-sdk/client-ecs';
import { clientError } from './faults';

/** Seconds and times: from, to, and what ECS takes where nothing is said. Source: ECS API Reference, HealthCheck. */
export const LIMITS = {
  interval: [5, 300, 30],
  timeout: [2, 60, 5],
  retries: [1, 10, 3],
  startPeriod: [0, 300, 0],
} as const;
export type Limit = keyof typeof LIMITS;

const FORMS = ['CMD', 'CMD-SHELL', 'NONE'];

/** @throws ClientException for a check that ECS does not take */
export function validateCheck({ name, healthCheck }: ContainerDefinition): void {
  if (healthCheck === undefined) return;
  const [form = ''] = healthCheck.command ?? [];
  if (!FORMS.includes(form))
    throw clientError(`healthCheck.command of container ${name} must begin with CMD, CMD-SHELL or NONE.`);
  for (const [limit, [least, most]] of Object.entries(LIMITS)) {
    const value = healthCheck[limit as Limit];
    if (value !== undefined && !(value >= least && value <= most))
      throw clientError(`healthCheck.${limit} of container ${name} must be between ${least} and ${most}.`);
  }
}

export const isChecked = ({ healthCheck }: ContainerDefinition): boolean =>
  healthCheck !== undefined && healthCheck.command?.[0] !== 'NONE';
