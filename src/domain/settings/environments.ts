import * as z from 'zod/mini';
import { problemsOf } from '../text/schema-problems';
import { type Settings, type SettingsInput, settingsSchema } from './settings';

/**
 * How deployments are carried out differs between a project's environments; where a service lives is the construct's
 * business. One file per project, `greenlight.json`, says how, and what it leaves out has defaults that grow stricter
 * from development to production.
 */

/** Settings that say what and where a service is. All others are policy. */
export const PLACE = [
  'service',
  'environment',
  'cluster',
  'taskDefinition',
  'container',
  'repository',
  'slots',
  'traffic',
  'database',
  'keys',
  'migrations',
  'maintenance',
  'smokeTests',
  'evidence',
  'streams',
  'workers',
] as const;
type PlaceKey = (typeof PLACE)[number];

type DeepPartial<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? { [K in keyof T]?: DeepPartial<T[K]> }
    : T;

/** How deployments are carried out: strategy, times, thresholds, approval, retention, limits. */
export type Policy = Omit<Settings, PlaceKey>;
export type PolicyOverride = DeepPartial<Omit<SettingsInput, PlaceKey>>;
/** What a construct says of a service: its place, and any policy of its own. */
export type ServiceSettings = Pick<SettingsInput, PlaceKey> & PolicyOverride;

const policyShape = Object.fromEntries(
  Object.entries(settingsSchema.shape).filter(([name]) => !(PLACE as readonly string[]).includes(name)),
);
const policySchema = z.strictObject(policyShape) as unknown as z.ZodMiniType<Policy>;

/** The same schema with everything left out that may be: a default would hide what an environment says. */
function overrideOf(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodMiniDefault || schema instanceof z.ZodMiniPrefault)
    return overrideOf(schema.def.innerType);
  if (schema instanceof z.ZodMiniNullable) return z.nullable(overrideOf(schema.def.innerType));
  if (!(schema instanceof z.ZodMiniObject)) return schema;
  return z.strictObject(
    Object.fromEntries(
      Object.entries(schema.shape).map(([name, member]) => [name, z.optional(overrideOf(member))]),
    ),
  );
}

export const configurationSchema = z.strictObject({
  /** For editors. */
  $schema: z.optional(z.string()),
  environments: z.record(
    z.string().check(z.regex(/^[a-z][a-z0-9-]{0,30}$/, 'expected lower case letters, digits and hyphens')),
    overrideOf(z.strictObject(policyShape)),
  ),
});
/** What `greenlight.json` says. */
export interface Configuration {
  /** By name; what an environment leaves out has the defaults of its kind. */
  environments: Record<string, PolicyOverride>;
}

const times = {
  lockSeconds: 3600,
  snapshotSeconds: 3600,
  migrationSeconds: 3600,
  contractSeconds: 3600,
  greenSeconds: 900,
  rollbackSeconds: 900,
};

/** What the three usual environments do unless they say otherwise; any other begins as strict as production. */
export const DEFAULTS: Record<'development' | 'staging' | 'production', PolicyOverride> = {
  development: {
    strategy: 'ALL_AT_ONCE',
    zeroDowntime: 'ALL_AT_ONCE',
    canaryPercent: 50,
    linear: { percent: 50, seconds: 60 },
    bakeSeconds: 60,
    soakSeconds: 30,
    // hardly anybody uses it, so response times would keep it waiting
    thresholds: {
      minimumRequests: 20,
      errorRateIncrease: 0.1,
      errorRateCeiling: 0.5,
      latencyIncrease: null,
    },
    deadlines: { ...times, evidenceSeconds: 300 },
    retention: { snapshotDays: 7, keepLast: 1 },
    validation: 'basic',
    rollback: { windowSeconds: 3600, warmSeconds: 0 },
  },
  staging: {
    strategy: 'AUTO',
    zeroDowntime: 'CANARY',
    canaryPercent: 20,
    linear: { percent: 20, seconds: 120 },
    bakeSeconds: 300,
    soakSeconds: 120,
    thresholds: { minimumRequests: 50, errorRateIncrease: 0.05, errorRateCeiling: 0.25 },
    deadlines: { ...times, evidenceSeconds: 600 },
    retention: { snapshotDays: 14, keepLast: 3 },
    validation: 'standard',
  },
  production: {
    strategy: 'AUTO',
    zeroDowntime: 'CANARY',
    canaryPercent: 5,
    linear: { percent: 10, seconds: 360 },
    bakeSeconds: 600,
    soakSeconds: 120,
    thresholds: { minimumRequests: 100, errorRateIncrease: 0.05, errorRateCeiling: 0.25 },
    deadlines: { ...times, evidenceSeconds: 1800 },
    retention: { snapshotDays: 35, keepLast: 3 },
    validation: 'comprehensive',
    // what cannot be gone back from without loss, and what nobody is served during
    approval: { rules: [{ classes: ['contract', 'irreversible'] }, { strategies: ['MAINTENANCE'] }] },
    limits: {
      accept: false,
      minimumBakeSeconds: 300,
      overrides: ['strategy', 'canaryPercent', 'linear', 'bakeSeconds', 'onBusy', 'acceptAlarms'],
    },
  },
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** Objects are merged member by member; anything else, lists too, is replaced. */
function merge(under: unknown, over: unknown): unknown {
  if (over === undefined) return under;
  if (!isPlain(under) || !isPlain(over)) return over;
  const names = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...names].map((name) => [name, merge(under[name], over[name])]));
}

const defaultsOf = (environment: string): PolicyOverride =>
  Object.hasOwn(DEFAULTS, environment) ? DEFAULTS[environment as keyof typeof DEFAULTS] : DEFAULTS.production;

/** A service's settings: the environment's defaults, under what the service says, under what the project's file says. */
export function settingsIn(service: ServiceSettings, configuration: Configuration): SettingsInput {
  const { environment } = service;
  return merge(
    merge(defaultsOf(environment), service),
    configuration.environments[environment],
  ) as SettingsInput;
}

/** The policy of an environment, complete. Throws with every problem. */
export function policyOf(environment: string, configuration: Configuration): Policy {
  const merged = merge(defaultsOf(environment), configuration.environments[environment]);
  const parsed = policySchema.safeParse(merged);
  if (parsed.success) return parsed.data;
  throw new Error(problemsOf(parsed.error, merged, `environments.${environment}`).join('\n'));
}

/** A project's file as it was read, or every problem of it, one line each. */
export function parseConfiguration(
  value: unknown,
): { configuration: Configuration } | { problems: string[] } {
  const parsed = configurationSchema.safeParse(value);
  if (!parsed.success) return { problems: problemsOf(parsed.error, value, 'configuration') };
  const configuration = parsed.data as Configuration;
  const problems: string[] = [];
  for (const environment of Object.keys(configuration.environments)) {
    try {
      policyOf(environment, configuration);
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return problems.length > 0 ? { problems } : { configuration };
}

/** Every setting by its path, in words: `thresholds.minimumRequests` is `100`. */
export function flat(value: unknown, path = ''): [string, string][] {
  if (!isPlain(value))
    return [[path, Array.isArray(value) ? value.map(words).join(', ') || 'none' : words(value)]];
  return Object.entries(value).flatMap(([name, member]) => flat(member, path ? `${path}.${name}` : name));
}

const words = (value: unknown) =>
  value === null ? 'none' : isPlain(value) ? JSON.stringify(value) : String(value);
