/** What nothing can be made without, and what is expected there. */
export const OF_EVERY_SERVICE = {
  serviceName: 'the name by which requests name it',
  environment: 'the environment that it is deployed in',
  cluster: 'an Amazon ECS cluster',
  taskDefinition: 'a task definition that is made in this app',
  repository: 'the repository of its images',
  desiredCount: 'how many tasks it begins with',
  'database.instance': 'its database instance, because every deployment belongs to a database',
  'migrations.manifests': 'the bucket of its manifests',
};

/**
 * The compiler says it to whoever has one. What is wrong about what is there is for the settings' own checks.
 * @throws Error with every prop that is missing
 */
export function mustHave(path: string, props: object, required: Record<string, string>): void {
  const at = (member: string) =>
    member
      .split('.')
      .reduce<unknown>((part, key) => (part as Record<string, unknown> | undefined)?.[key], props);
  const missing = Object.entries(required).filter(([member]) => at(member) === undefined);
  if (missing.length > 0)
    throw new Error(
      missing.map(([member, what]) => `${path}.${member}: expected ${what}, received nothing`).join('\n'),
    );
}
