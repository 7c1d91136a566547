/** The roles that the application has on its database beside the secret's own user. */
export const rolesIn = ({ database }: { database: { roles?: string[] } }): string[] =>
  // settings of a deployment that an earlier version has begun know none
  database.roles ?? [];
