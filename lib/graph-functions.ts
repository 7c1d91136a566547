import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { background, phases } from '../lambdas';
import type { AnyStep } from '../src/runtime/define-step';
import { portsOf } from '../src/runtime/run-step';
import { states } from '../statemachines';
import { type Shared, StepFunction } from './step-function';

/** A function and a role for each Task of the graph. */
export const stepsOfTheGraph = (
  scope: Construct,
  shared: Shared,
  environment: Record<string, string>,
): StepFunction[] =>
  Object.entries(phases).flatMap(([phase, steps]) =>
    steps.map((step: AnyStep) => {
      const { name } = step;
      const comment = states.find((one) => one.name === name)?.state.Comment;
      const own = { name, comment, ports: portsOf(step) };
      return new StepFunction(
        scope,
        { ...own, environment: { ...environment, GREENLIGHT_PHASE: phase } },
        shared,
      );
    }),
  );

/** Those that no Task calls, by name. */
export const besideTheGraph = (
  scope: Construct,
  shared: Shared,
  environment: Record<string, string>,
): Record<string, StepFunction> =>
  Object.fromEntries(
    background.map(({ name, comment, uses: ports }) => [
      name,
      new StepFunction(scope, { name, comment, ports, environment }, shared),
    ]),
  );

/** Address of the page that takes answers: the link in a notification carries its own secret, which is all that its reader has to sign in with. */
export const answerPage = ({ AnswerQuestion }: Readonly<Record<string, StepFunction>>): string =>
  AnswerQuestion!.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url;
