/**
 * Puts a function's ARN where the graph says `${CheckGreen}`, the stack's name where it says `${Stack}`, and the
 * partition, which is another one in China and in AWS GovCloud, for `${Partition}`. Fails on a
 * placeholder without a value and on a value without a placeholder, so that graph and functions cannot drift apart.
 */
export function bind(definition: unknown, values: Record<string, string>): unknown {
  const used = new Set<string>();
  const unbound = new Set<string>();
  const fill = (node: unknown): unknown => {
    if (typeof node === 'string')
      return node.replace(/\$\{(\w+)\}/g, (_, name: string) => {
        used.add(name);
        const value = values[name];
        if (value === undefined) unbound.add(name);
        return value ?? '';
      });
    if (Array.isArray(node)) return node.map(fill);
    if (node !== null && typeof node === 'object')
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, fill(value)]));
    return node;
  };
  const bound = fill(definition);
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unbound.size > 0)
    throw new Error(
      `the graph names ${[...unbound].join(', ')}, which no function has; add the step or rename it`,
    );
  if (unused.length > 0)
    throw new Error(`no state of the graph names ${unused.join(', ')}; draw the state or remove the step`);
  return bound;
}
