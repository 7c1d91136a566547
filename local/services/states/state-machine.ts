import { randomUUID } from 'node:crypto';
import { InvalidDefinition } from '@aws-sdk/client-sfn';
import { type StateMachineDefinition, validateDefinition } from '../../asl';
import { arn } from '../../names';
import { isUnknown } from '../../service';

/** A state machine as it is now; an update is another one, and an execution keeps the one it began with. */
export interface StateMachine {
  arn: string;
  name: string;
  roleArn: string;
  definition: StateMachineDefinition;
  /** The definition as it was given. */
  text: string;
  revisionId: string;
  createdAt: number;
  updatedAt: number;
}

/** The properties of AWS::StepFunctions::StateMachine. */
export interface StateMachineProperties {
  StateMachineName?: string;
  StateMachineType?: string;
  RoleArn?: string;
  Definition?: unknown;
  DefinitionString?: string;
  DefinitionSubstitutions?: Record<string, unknown>;
  DefinitionS3Location?: { Bucket: string; Key: string };
}

const RUNNABLE = [
  /^arn:aws:lambda:[^:]+:\d+:function:.+$/,
  /^arn:aws:states:::lambda:invoke(\.waitForTaskToken)?$/,
];

const invalid = (problems: string[]) =>
  new InvalidDefinition({
    message: `Invalid State Machine Definition: '${problems.join("', '")}'`,
    $metadata: {},
  });

/** An object in S3, where a definition may be; undefined when it is not there. */
export type ObjectOf = (bucket: string, key: string) => Buffer | undefined;

function text(
  {
    Definition,
    DefinitionString,
    DefinitionS3Location,
    DefinitionSubstitutions = {},
  }: StateMachineProperties,
  objectOf: ObjectOf,
): string {
  const { Bucket = '', Key = '' } = DefinitionS3Location ?? {};
  const given =
    DefinitionString ??
    (Definition === undefined ? undefined : JSON.stringify(Definition)) ??
    objectOf(Bucket, Key)?.toString('utf8');
  if (given === undefined) {
    throw new Error(
      `it needs its definition: DefinitionString, Definition, or DefinitionS3Location of an object that is there, which ${Bucket}/${Key} is not`,
    );
  }
  return given.replace(/\$\{([^}]+)\}/g, (match, name: string) =>
    name in DefinitionSubstitutions ? String(DefinitionSubstitutions[name]) : match,
  );
}

function parse(definition: string): unknown {
  try {
    return JSON.parse(definition);
  } catch (error) {
    throw invalid([`INVALID_JSON_DESCRIPTION: ${(error as Error).message}`]);
  }
}

/** What of a state machine has no local part, as far as its definition is in the template. */
export function refusalOf(properties: StateMachineProperties): string | undefined {
  if (properties.StateMachineType === 'EXPRESS')
    return 'express workflows are not supported by the local cloud; use type STANDARD';
  const { Definition, DefinitionString = JSON.stringify(Definition ?? {}) } = properties;
  try {
    return unrunnable(JSON.parse(DefinitionString))[0];
  } catch {
    // an invalid definition is refused where it is made, as on AWS
    return undefined;
  }
}

/** Every task's Resource that the local cloud has no part for, as one problem each. */
function unrunnable(states: unknown): string[] {
  if (states === null || typeof states !== 'object') return [];
  const { Type: type, Resource: resource } = states as { Type?: unknown; Resource?: unknown };
  const own =
    type === 'Task' &&
    typeof resource === 'string' &&
    !isUnknown(resource) &&
    !RUNNABLE.some((pattern) => pattern.test(resource))
      ? [`the task resource ${resource} is not available in the local cloud; it has Lambda functions`]
      : [];
  return [...own, ...Object.values(states).flatMap(unrunnable)];
}

/** Reads and checks a state machine of a template. Throws InvalidDefinition with every problem. */
export function stateMachineOf(
  properties: StateMachineProperties,
  fallbackName: string,
  now: number,
  objectOf: ObjectOf,
): StateMachine {
  if (properties.StateMachineType === 'EXPRESS') throw new Error(refusalOf(properties));
  const name = properties.StateMachineName ?? fallbackName;
  return revised(
    { arn: arn('states', `stateMachine:${name}`), name, createdAt: now },
    { text: text(properties, objectOf), roleArn: properties.RoleArn ?? '' },
    now,
  );
}

/** A state machine with another definition or role. Throws InvalidDefinition with every problem. */
export function revised(
  machine: Pick<StateMachine, 'arn' | 'name' | 'createdAt'>,
  change: Pick<StateMachine, 'text' | 'roleArn'>,
  now: number,
): StateMachine {
  const { arn: machineArn, name, createdAt } = machine;
  const definition = parse(change.text);
  const problems = [...validateDefinition(definition), ...unrunnable(definition)];
  if (problems.length) throw invalid(problems);
  return {
    ...{ arn: machineArn, name, createdAt, updatedAt: now },
    ...change,
    definition: definition as StateMachineDefinition,
    revisionId: randomUUID(),
  };
}
