interface Database {
  secret: string;
  readSecret?: string;
  otherSecrets?: string[];
}

/** The secret by which a step looks at the database that changes nothing. */
export const readerOf = ({ database: { secret, readSecret } }: { database: Database }): string =>
  readSecret ?? secret;

/** Every secret that says where the database is; the first one is the application's, whose users wait for it. */
export const secretsIn = ({
  database: { secret, readSecret = secret, otherSecrets = [] },
}: {
  database: Database;
}): string[] => [...new Set([secret, ...otherSecrets, readSecret])];

/** The roles that the application has on its database beside the secret's own user. */
export const rolesIn = ({ database }: { database: { roles?: string[] } }): string[] =>
  // settings of a deployment that an earlier version has begun know none
  database.roles ?? [];
