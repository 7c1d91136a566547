import type { AnyStep } from './define-step';
import { runStep } from './run-step';

/** The Lambda entry of a step; its environment is set by the workflow construct. */
export const handlerOf = (step: AnyStep) => (event: unknown) =>
  runStep(step, event, {
    table: process.env.GREENLIGHT_TABLE ?? '',
    topic: process.env.GREENLIGHT_TOPIC ?? '',
    settingsPrefix: process.env.GREENLIGHT_SETTINGS ?? '',
  });
