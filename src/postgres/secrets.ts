import type { Grant } from '../domain/step/port';

/** Whoever only looks at the database needs the secret of its reader, and nothing else of AWS. */
export const readSecret: readonly Grant[] = [
  { sid: 'ReaderSecret', actions: ['secretsmanager:GetSecretValue'], on: ['readSecrets'] },
];

/** Whoever interferes with the application's own sessions or tables needs its secret. */
export const ownSecret: readonly Grant[] = [
  { sid: 'DatabaseSecret', actions: ['secretsmanager:GetSecretValue'], on: ['secrets'] },
];
