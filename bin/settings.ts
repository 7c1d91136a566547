// node bin/run.js bin/settings.ts [--write]: docs/settings.md, from the schemas of settings and requests.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { core } from 'zod/mini';
import { requestSchema } from '../src/domain/request/request';
import { DEFAULTS, flat, PLACE, policyOf } from '../src/domain/settings/environments';
import { jsonSchemaOf } from '../src/domain/settings/json-schema';
import { settingsSchema } from '../src/domain/settings/settings';

const PAGE = join(__dirname, '..', 'docs', 'settings.md');

type Schema = core.JSONSchema.JSONSchema;

/** One setting, or an object or a list of them. */
export interface Row {
  path: string;
  meaning: string;
  takes: string;
  /** Of the schema; undefined where there is none, and it may be left out. */
  fallback?: string;
}

const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const number = (value: number) => value.toLocaleString('en-US');

/** What a name says of its number. */
const UNITS: [RegExp, string][] = [
  [/seconds$/i, ' seconds'],
  [/days$/i, ' days'],
  [/bytes$/i, ' bytes'],
  [/percent$/i, ' %'],
  [/ms$/i, ' milliseconds'],
];
const unitOf = (path: string) => UNITS.find(([name]) => name.test(path))?.[1] ?? '';

/** Zod bounds every integer by those that JavaScript can tell apart. */
const bound = (value?: number) =>
  value === undefined || Math.abs(value) === Number.MAX_SAFE_INTEGER ? undefined : value;

function rangeOf(path: string, { type, minimum, maximum, exclusiveMinimum }: Schema): string {
  // it was a flag before draft 6
  const above = typeof exclusiveMinimum === 'number' ? exclusiveMinimum : undefined;
  const least = bound(minimum) ?? (type === 'integer' && above !== undefined ? above + 1 : undefined);
  const most = bound(maximum);
  const unit = unitOf(path);
  if (least !== undefined)
    return `${number(least)} ${most === undefined ? 'or more' : `to ${number(most)}`}${unit}`;
  const more = above === undefined ? [] : [`more than ${number(above)}`];
  const less = most === undefined ? [] : [`at most ${number(most)}`];
  return `${[...more, ...less].join(', ') || (type === 'integer' ? 'a whole number' : 'a number')}${unit}`;
}

/** What a value may be, in words; an object is told by its members. */
function takesOf(path: string, schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum) return schema.enum.map(code).join(', ');
  switch (schema.type) {
    case 'boolean':
      return '`true`, `false`';
    case 'integer':
    case 'number':
      return rangeOf(path, schema);
    case 'string':
      return schema.maxLength === undefined
        ? 'text'
        : `text of at most ${number(schema.maxLength)} characters`;
    case 'array': {
      const items = schema.items as Schema;
      const { minItems, maxItems } = schema;
      const many = maxItems ? `, at most ${maxItems}` : minItems ? `, ${minItems} or more` : '';
      return `a list${isNested(items) ? '' : ` of ${takesOf(path, items)}`}${many}`;
    }
    default:
      return schema.properties ? 'an object' : 'names and values';
  }
}

/** The default of an object is told by those of its members. */
const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
const variantsOf = (schema: Schema): Schema[] => (schema.anyOf ?? schema.oneOf ?? [schema]) as Schema[];
const isNested = (schema: Schema): boolean => variantsOf(schema).some(({ properties }) => properties);

/** Every row of a member, and of what is in it. */
function rowsOf(path: string, schema: Schema, isRequired: boolean): Row[] {
  const variants = variantsOf(schema);
  const isNullable = variants.some(({ type }) => type === 'null');
  const values = variants.filter(({ type }) => type !== 'null');
  const own = values.filter((one) => one.description !== undefined || !one.properties);
  const description = own.map((one) => one.description ?? '').join(' ') || (schema.description ?? '');
  const isTold = schema.default !== undefined && !isObject(schema.default);
  const fallback = isTold ? code(schema.default) : isRequired ? 'required' : undefined;
  const takes = [...own.map((one) => takesOf(path, one)), ...(isNullable ? ['`null`'] : [])].join(', ');
  const rows = own.length > 0 ? [{ path, meaning: description, takes, fallback }] : [];
  return [...rows, ...values.flatMap((one) => within(path, one))];
}

function within(path: string, schema: Schema): Row[] {
  if (schema.type === 'array')
    return variantsOf(schema.items as Schema).flatMap((one) => within(`${path}[]`, one));
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).flatMap(([name, member]) =>
    rowsOf(path ? `${path}.${name}` : name, member as Schema, required.includes(name)),
  );
}

/** Members that several variants have in common are one row, with what each says of it. */
function merged(rows: Row[]): Row[] {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const before = found.get(row.path);
    if (!before) found.set(row.path, row);
    else if (before.takes !== row.takes)
      found.set(row.path, {
        ...before,
        takes: `${before.takes}, ${row.takes}`,
        meaning: `${before.meaning} ${row.meaning}`,
      });
  }
  return [...found.values()];
}

const topOf = ({ path }: Row) => path.split(/[.[]/)[0] ?? '';

/** Of a service's settings, and of a request. */
export const settingRows = (): Row[] => merged(within('', jsonSchemaOf(settingsSchema)));
export const requestRows = (): Row[] => merged(within('', jsonSchemaOf(requestSchema)));

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

/** By path: what development, staging and production have, once where all have the same. */
function policyDefaults(): Map<string, string> {
  const environments = Object.keys(DEFAULTS).map(
    (name) => new Map(flat(policyOf(name, { environments: {} }))),
  );
  const paths = [...new Set(environments.flatMap((one) => [...one.keys()]))];
  return new Map(
    paths.map((path) => {
      const values = environments.map((one) => one.get(path) ?? 'none');
      return [path, (new Set(values).size === 1 ? values.slice(0, 1) : values).join(' / ')];
    }),
  );
}

const isPlace = (row: Row) => (PLACE as readonly string[]).includes(topOf(row));

/** The page as it has to be. */
export function settingsPage(): string {
  const rows = settingRows();
  const defaults = policyDefaults();
  const line = ({ path, meaning, takes, fallback = '' }: Row) => [`\`${path}\``, meaning, takes, fallback];
  const policy = rows.filter((row) => !isPlace(row));
  // a group of which a request overrides some members
  const own = requestRows().filter(
    ({ path }) => !path.includes('.') || !policy.some((row) => row.path === path),
  );
  return `# Settings

Every member of a service's settings, of \`greenlight.json\` and of a request, made from the schemas that read them
(\`npm run settings -- --write\`; a test fails when it is not). \`greenlight/schema.json\` and \`greenlight config --schema\` say the
same to an editor.

A member that is in an object or a list of its own is written \`object.member\` and \`list[].member\`. \`required\` is what has to be there
wherever the object is. Whatever breaks a rule is refused with its path, what was expected and what was received: the settings by
\`cdk synth\`, the file by \`greenlight config\`, a request when the deployment begins.

## What and where a service is

Nobody writes these: \`BlueGreenService\` and \`PureWorker\` derive them from their props ([api.md](api.md), [adopting.md](adopting.md)), which
are constructs and in part called otherwise. They are stored, together with the policy, in the parameter
\`/greenlight/<workflow>/<service>\`.

${table(['setting', 'meaning', 'takes', 'default'], rows.filter(isPlace).map(line))}

## How it is deployed

The policy: what the built-in one of the environment says, below what the construct says of the service, below what the
environment says in \`greenlight.json\`, \`{"environments": {"production": {…}}}\` ([environments.md](environments.md)). Three defaults
are those of development, staging and production; an environment of another name begins as production. \`none\` is \`null\` or an empty
list.

${table(
  ['setting', 'meaning', 'takes', 'default'],
  policy.map((row) => {
    const [path = '', ...cells] = line(row);
    return [path, ...cells.slice(0, 2), defaults.get(row.path) ?? row.fallback ?? ''];
  }),
)}

## What a request may say

What is left out and has no default is as the service's settings have it, as are members of \`linear\`, \`thresholds\`, \`rollback\` and
\`deadlines\`, which are those above; \`limits\` of the settings says what a request of the environment may override
([requests.md](requests.md)).

${table(['member', 'meaning', 'takes', 'default'], own.map(line))}
`;
}

if (process.argv.includes('--write')) writeFileSync(PAGE, settingsPage());
