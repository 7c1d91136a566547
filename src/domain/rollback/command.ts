/** What an operator types to roll a deployment back; only the reason is theirs to say. */
export const rollbackCommand = (deployment: string, stack: string): string =>
  `npx greenlight rollback ${deployment} --workflow ${stack} --reason "..."`;
