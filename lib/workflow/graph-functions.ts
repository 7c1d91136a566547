import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { background, phases } from '../../lambdas';
import type { AnyBackground } from '../../src/runtime/define-background';
import type { AnyStep } from '../../src/runtime/define-step';
import { portsOf } from '../../src/runtime/run-step';
import { states } from '../../statemachines';
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
  props: {
    environment: Record<string, string>;
    undelivered: IQueue;
    requests: { concurrency: number } | null;
    /** Whether there is an HTTP API. */
    api: boolean;
  },
): Record<string, StepFunction> => {
  const { environment, undelivered, requests, api } = props;
  return Object.fromEntries(
    (background as readonly AnyBackground[]).flatMap(({ name, comment, uses: ports, triggers }) => {
      const isPublic = triggers.includes('request');
      const isSigned = triggers.includes('signedRequest');
      if ((isPublic && !requests) || (isSigned && !api)) return [];
      // who asks for an answer is told of a failure, and a stranger may ask as well
      const own = isPublic
        ? { reservedConcurrentExecutions: requests?.concurrency || undefined }
        : isSigned
          ? {}
          : { deadLetterQueue: undelivered };
      return [[name, new StepFunction(scope, { name, comment, ports, environment, ...own }, shared)]];
    }),
  );
};

/**
 * Address of the page that takes answers, empty without one: the link in a notification carries its own secret, which is all that its
 * reader has to sign in with.
 */
export const answerPageOf = ({ AnswerQuestion }: Readonly<Record<string, StepFunction>>): string =>
  AnswerQuestion?.function.addFunctionUrl({ authType: FunctionUrlAuthType.NONE }).url ?? '';
