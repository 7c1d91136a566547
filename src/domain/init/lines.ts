import { type Code, code, written } from './source';

/** `shop-today` as `ShopToday`. */
export const pascal = (name: string) =>
  name.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9]?)/g, (_, first: string) => first.toUpperCase());

/** Lines of the constructor, each construct once and under a name. */
export interface Lines {
  all: string[];
  /** What is made by this source, under one name however often it is asked for. */
  named(name: string, key: string, source: (id: string) => string): Code;
}

export function linesOf(): Lines {
  const all: string[] = [];
  const known = new Map<string, string>();
  const taken = new Set<string>();
  return {
    all,
    named(name, key, source) {
      const before = known.get(key);
      if (before) return code(before);
      let own = name;
      for (let index = 2; taken.has(own); index += 1) own = `${name}${index}`;
      taken.add(own);
      known.set(key, own);
      all.push(`const ${own} = ${source(JSON.stringify(pascal(own)))};`);
      return code(own);
    },
  };
}

export const call = (what: string, ...args: unknown[]): Code =>
  code(`${what}(${args.map((one) => written(one, '    ')).join(', ')})`);

export const groupOf = (lines: Lines, id: string, name: string): Code =>
  lines.named(
    name,
    id,
    (own) => `ec2.SecurityGroup.fromSecurityGroupId(this, ${own}, ${JSON.stringify(id)})`,
  );

export const seconds = (value: number | undefined): Code | undefined =>
  value === undefined ? undefined : call('Duration.seconds', value);
