import { stack } from '../aws/stack';
import { redaction } from '../domain/privacy/redaction';
import type { Environment } from '../domain/step/port';
import type { AnyBackground } from './define-background';
import type { AnyStep } from './define-step';
import { type LambdaContext, logged, plain } from './log';
import { callOf, openPorts, resumedDeployment, runStep } from './run-step';

/** Set by the workflow construct. */
const environmentOf = (): Environment => ({
  table: process.env.GREENLIGHT_TABLE ?? '',
  topic: process.env.GREENLIGHT_TOPIC ?? '',
  settingsPrefix: process.env.GREENLIGHT_SETTINGS ?? '',
  answers: process.env.GREENLIGHT_ANSWERS ?? '',
  phase: process.env.GREENLIGHT_PHASE ?? '',
  reports: process.env.GREENLIGHT_REPORTS ?? '',
  stateMachine: process.env.GREENLIGHT_MACHINE ?? '',
  redact: JSON.parse(process.env.GREENLIGHT_REDACT ?? '[]'),
});

/** The Lambda entry of a step. */
export function handlerOf(step: AnyStep) {
  return (event: unknown, context: LambdaContext) => {
    const environment = environmentOf();
    const call = callOf(event);
    const { name: workflow } = stack.open(environment);
    return logged(
      {
        worker: { step: step.name, phase: environment.phase, ...call },
        context,
        redact: redaction(environment.redact),
        workflow,
      },
      () => runStep(step, event, environment),
      (result) => [
        { deploymentId: resumedDeployment(result) ?? call.deploymentId, decision: plain(result as object) },
      ],
    );
  };
}

/** The Lambda entry of a function beside the graph. */
export function backgroundHandlerOf(background: AnyBackground) {
  return (event: unknown, context: LambdaContext) => {
    const environment = environmentOf();
    const { name: workflow } = stack.open(environment);
    return logged(
      {
        worker: { step: background.name, phase: 'background' },
        context,
        redact: redaction(environment.redact),
        workflow,
      },
      () => background.run(event, openPorts(background, background.uses, environment), new Date()),
      background.tell,
    );
  };
}
