/** What an operator types to roll a deployment back; only the reason is theirs to say. */
export const rollbackCommand = (deployment: string, stack: string): string =>
  `npx greenlight rollback ${deployment} --workflow ${stack} --reason "..."`;

/** What somebody types to read what a deployment did. */
export const reportCommand = (deployment: string, stack: string): string =>
  `npx greenlight report ${deployment} --workflow ${stack}`;

/** What an operator types to release what serves once more, with the newest task definitions. */
export const againCommand = (service: string, stack: string): string =>
  `npx greenlight deploy --workflow ${stack} --service ${service} --image live --reason "..."`;

/** What an operator types to free the lock that a deployment has left to people. */
export const releaseCommand = (service: string, stack: string): string =>
  `npx greenlight lock release ${service} --workflow ${stack} --reason "..."`;
