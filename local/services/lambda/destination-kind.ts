type Kind = 'topic' | 'bus' | 'function';

const KINDS: [pattern: RegExp, kind: Kind][] = [
  [/^arn:[^:]+:sns:[^:]+:\d+:[^:]+$/, 'topic'],
  [/^arn:[^:]+:events:[^:]+:\d+:event-bus\/default$/, 'bus'],
  [/^arn:[^:]+:lambda:[^:]+:\d+:function:.+$/, 'function'],
];

/** What a destination is; throws an Error for one without local part. */
export function destinationKind(destination: string): Kind {
  const found = KINDS.find(([pattern]) => pattern.test(destination));
  if (found) return found[1];
  throw new Error(
    `the destination ${destination} is not served locally; use an SNS topic, the default event bus or a function`,
  );
}
