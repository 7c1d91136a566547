/** Below these the keys are the user's own words. */
const FREE_KEYS = new Set(['Options', 'DriverOpts', 'DockerLabels', 'Labels']);

const lowerFirst = (key: string) => key.charAt(0).toLowerCase() + key.slice(1);

/** CloudFormation's properties (`ContainerPort`) in the words of the ECS API (`containerPort`). */
export function camel<Shape>(value: unknown): Shape {
  if (Array.isArray(value)) return value.map(camel) as Shape;
  if (value === null || typeof value !== 'object') return value as Shape;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [lowerFirst(key), FREE_KEYS.has(key) ? inner : camel(inner)]),
  ) as Shape;
}
