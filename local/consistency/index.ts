import { createHash } from 'node:crypto';
import type { Clock } from '../clock';
import type { Ask, Kind, Read, Shape } from './kind';
import { KINDS } from './kinds';

/** AWS's slowness; the seed decides which of the reads that may be behind are. */
export interface Slowness {
  seed: number;
}

/** Reads that lag behind writes. */
export interface Consistency {
  /** Answers a call to a service as whoever made it would see it; `ask` is the service itself. */
  answer(service: string, operation: string, input: Shape, ask: Ask): Promise<Shape>;
  /** Resolves when reads show all that was written until now. */
  settled(): Promise<void>;
}

/** Every read shows every write. */
export const strong: Consistency = {
  answer: (_, operation, input, ask) => ask(operation, input),
  settled: async () => {},
};

/** Something as it stood before a write. */
interface Past {
  until: number;
  /** Undefined for what was not there. */
  entity: Shape;
  /** Which write it was, and how often it was read since: the seed's coin is thrown for both. */
  write: number;
  reads: number;
}

/**
 * Of each kind of `kinds`, reads may be answered as before a write for as long as its lag: the first one is, and any later one
 * as the seed decides, as if it had met another copy. So what was seen once may be gone at the next look.
 */
export function lagging(
  { seed }: Slowness,
  clock: Pick<Clock, 'now' | 'sleep'>,
  kinds: readonly Kind[] = KINDS,
): Consistency {
  const pasts = kinds.map(() => new Map<string, Past[]>());
  /** What was made once is not made again by a call that is repeated. */
  const made = kinds.map(() => new Set<string>());
  let writes = 0;

  const isBehind = (past: Past) => {
    const read = past.reads++;
    return read === 0 || createHash('sha256').update(`${seed} ${past.write} ${read}`).digest()[0]! % 2 === 0;
  };

  const remember = (kind: number, key: string, entity: Shape) => {
    const until = clock.now() + kinds[kind]!.lagMs;
    pasts[kind]!.set(key, [...(pasts[kind]!.get(key) ?? []), { until, entity, write: writes++, reads: 0 }]);
  };

  /** The oldest past that a read may still show; what is over is forgotten. */
  function pastOf(kind: number, key: string): Past | undefined {
    const all = pasts[kind]!.get(key);
    const left = all?.filter(({ until }) => until > clock.now()) ?? [];
    if (left.length > 0) pasts[kind]!.set(key, left);
    else if (all) pasts[kind]!.delete(key);
    return left[0];
  }

  async function read(kind: number, how: Read, input: Shape, ask: () => Promise<Shape>): Promise<Shape> {
    const keys = [...pasts[kind]!.keys()].filter((key) => pastOf(kind, key));
    if (keys.length === 0 || how.isConsistent?.(input)) return ask();
    const gone = (there: ReadonlySet<string>) =>
      keys.flatMap((key) => {
        if (there.has(key)) return [];
        const past = pastOf(kind, key)!;
        const concerned = past.entity !== undefined && how.concerns?.(past.entity, input, key);
        return concerned && isBehind(past) ? [past.entity] : [];
      });
    let output: Shape;
    try {
      output = await ask();
    } catch (error) {
      const was = gone(new Set());
      if (was.length === 0) throw error;
      return how.showing(was, {}, input, []);
    }
    const missing: string[] = [];
    const entities = how.shown(output, input);
    const shown = entities.flatMap((entity) => {
      const key = how.key(entity, input);
      const past = pastOf(kind, key);
      if (!past || !isBehind(past)) return [entity];
      if (past.entity !== undefined) return [past.entity];
      missing.push(key);
      return [];
    });
    const there = new Set(entities.map((entity) => how.key(entity, input)));
    return how.showing([...shown, ...gone(there)], output, input, missing);
  }

  return {
    async answer(service, operation, input, ask) {
      const own = [...kinds.entries()].filter(([, kind]) => kind.service === service);
      const reading = own.find(([, { reads }]) => reads[operation]);
      if (reading) {
        const [kind, { reads }] = reading;
        return read(kind, reads[operation]!, input, () => ask(operation, input));
      }
      const writing = own.find(([, { writes }]) => writes[operation]);
      if (!writing) return ask(operation, input);
      const [kind, { writes: how }] = writing;
      // what cannot be looked at is refused by the write itself
      const before = (await how[operation]!.before?.(input, ask).catch(() => [])) ?? [];
      const output = await ask(operation, input);
      for (const [key, entity] of before) remember(kind, key, entity);
      for (const key of how[operation]!.made?.(output) ?? []) {
        if (!made[kind]!.has(key)) remember(kind, key, undefined);
        made[kind]!.add(key);
      }
      return output;
    },
    settled: () => clock.sleep(Math.max(...kinds.map(({ lagMs }) => lagMs))),
  };
}
