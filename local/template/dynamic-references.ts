/** Resolves one `{{resolve:service:reference}}`. */
export type ResolveDynamic = (reference: string) => Promise<string> | string;

/** The value with every `{{resolve:…}}` in its texts replaced, after all other functions were evaluated. */
export async function resolveDynamicReferences(value: unknown, resolve: ResolveDynamic): Promise<unknown> {
  if (typeof value === 'string') {
    let text = value;
    for (const [reference] of value.matchAll(/\{\{resolve:[^{}]+\}\}/g)) {
      const found = await resolve(reference);
      text = text.replace(reference, () => found);
    }
    return text;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => resolveDynamicReferences(item, resolve)));
  if (value === null || typeof value !== 'object') return value;
  const members = Object.entries(value).map(
    async ([key, member]) => [key, await resolveDynamicReferences(member, resolve)] as const,
  );
  return Object.fromEntries(await Promise.all(members));
}
