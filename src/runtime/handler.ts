import type { Environment } from '../domain/step/port';
import type { AnyBeside } from './define-beside';
import type { AnyStep } from './define-step';
import { openPorts, runStep } from './run-step';

/** Set by the workflow construct. */
const environment = (): Environment => ({
  table: process.env.GREENLIGHT_TABLE ?? '',
  topic: process.env.GREENLIGHT_TOPIC ?? '',
  settingsPrefix: process.env.GREENLIGHT_SETTINGS ?? '',
  answers: process.env.GREENLIGHT_ANSWERS ?? '',
  phase: process.env.GREENLIGHT_PHASE ?? '',
  stateMachine: process.env.GREENLIGHT_MACHINE ?? '',
});

/** The Lambda entry of a step. */
export const handlerOf = (step: AnyStep) => (event: unknown) => runStep(step, event, environment());

/** The Lambda entry of a function beside the graph. */
export const besideHandlerOf = (beside: AnyBeside) => (event: unknown) =>
  beside.run(event, openPorts(beside, beside.uses, environment()), new Date());
