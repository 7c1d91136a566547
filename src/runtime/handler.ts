import type { Environment, Ports } from '../domain/port';
import type { AnyBeside } from './define-beside';
import type { AnyStep } from './define-step';
import { runStep } from './run-step';

/** Set by the workflow construct. */
const environment = (): Environment => ({
  table: process.env.GREENLIGHT_TABLE ?? '',
  topic: process.env.GREENLIGHT_TOPIC ?? '',
  settingsPrefix: process.env.GREENLIGHT_SETTINGS ?? '',
  answers: process.env.GREENLIGHT_ANSWERS ?? '',
  phase: process.env.GREENLIGHT_PHASE ?? '',
});

/** The Lambda entry of a step. */
export const handlerOf = (step: AnyStep) => (event: unknown) => runStep(step, event, environment());

/** The Lambda entry of a function beside the graph; its ports live as long as the function's process. */
export function besideHandlerOf(beside: AnyBeside) {
  const ports = Object.fromEntries(
    Object.entries(beside.uses as Ports).map(([name, port]) => [name, port.open(environment())]),
  );
  return (event: unknown) => beside.run(event, ports, new Date());
}
