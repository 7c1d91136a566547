import type { Context } from '../context';

/** One action that an operation needs, on all of `resources` ("*" when it supports no resource). */
export interface Requirement {
  action: string;
  resources: readonly string[];
  context?: Context;
}

/** What the table has to ask the rest of the cloud. */
export interface Lookups {
  /** The ARNs of the task role and the execution role of a task definition (family, family:revision or ARN). */
  rolesOf(taskDefinition: string): readonly string[];
  /** The ARN of the state machine that gave out a task token; undefined for a token that none did. */
  machineOf(taskToken: string): string | undefined;
  /** The ARN of the account's own key that encrypts a resource; undefined for one that AWS manages, and for none. */
  keyOf(resource: string): string | undefined;
}

/** What an operation needs, from its input. */
export type Row = (
  // biome-ignore lint/suspicious/noExplicitAny: one input shape per operation
  input: any,
  lookups: Lookups,
) => readonly Requirement[];

/** One service: IAM prefix and rows by operation name; operations without a row need `<prefix>:<Operation>` on "*". */
export interface Rows {
  prefix: string;
  operations: Readonly<Record<string, Row>>;
}

export const ANY = ['*'];

/** Whoever names a role for a service to use must be allowed to hand it over. */
export const passing = (service: string, roles: readonly (string | undefined)[]): Requirement[] =>
  [...new Set(roles)]
    .filter((role) => role !== undefined)
    .map((role) => ({
      action: 'iam:PassRole',
      resources: [role],
      context: { 'iam:PassedToService': service },
    }));

interface Tag {
  Key?: string;
  key?: string;
  Value?: string;
  value?: string;
}

/** The condition keys of tags in a request. */
export function tagContext(tags: readonly Tag[] = []): Context {
  const pairs = tags.map((tag) => [tag.Key ?? tag.key ?? '', tag.Value ?? tag.value ?? ''] as const);
  const requested = pairs.map(([key, value]) => [`aws:RequestTag/${key}`, value] as const);
  return {
    ...Object.fromEntries(requested),
    ...(pairs.length > 0 && { 'aws:TagKeys': pairs.map(([key]) => key) }),
  };
}
