import { about, check, judgementOf } from './check';

export interface Connection {
  /** "18.1" */
  version: string;
  tls: boolean;
  /** A standby takes no writes. */
  standby: boolean;
}

export const connection = check<Connection>({
  from: 'basic',
  about: 'an encrypted connection to a server that takes writes',
  alone: true,
  compare: (before, after) =>
    judgementOf(
      {
        failed: [
          ...(after.tls ? [] : ['the connection is not encrypted; set rds.force_ssl']),
          ...(after.standby ? ['the server is a standby, so nothing can be written'] : []),
        ],
        warnings: about(before.version === after.version ? [] : [before.version], (version) => {
          return `the server was PostgreSQL ${version} before and is ${after.version} now`;
        }),
      },
      `PostgreSQL ${after.version}, ${after.tls ? 'encrypted' : 'in the clear'}`,
    ),
});
