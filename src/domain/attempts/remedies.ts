/** What PostgreSQL said, and what to do about it. The first that matches counts. Source: its messages, as in errcodes.txt. */
const REMEDIES: readonly [RegExp, string][] = [
  [
    /contains null values/,
    'rows without a value are there: give the column a default, or fill it before (greenlight plan writes the steps)',
  ],
  [
    /could not create unique index|duplicate key value/,
    'several rows have the same value, which the schema before allows: find and mend them in a migration before',
  ],
  [
    /is violated by some row|violates check constraint/,
    'rows break the rule: mend them before, then validate it',
  ],
  [/violates foreign key constraint/, 'rows refer to each other: move or delete those that do before'],
  [
    /violates not-null constraint/,
    'a row is written without a value: name the column in the statement, or give it a default',
  ],
  [
    /(relation|column|type|constraint|function|schema|trigger|index|role|extension) .*already exists/,
    'what it makes is there already: take out the second one, or what an earlier run has left',
  ],
  [
    /cannot be cast automatically|invalid input syntax|out of range|value too long/,
    'values that are there do not fit the new type: say with USING what becomes of them, or mend them before',
  ],
  [
    /cannot run inside a transaction block/,
    "let it run in no transaction, as the tool's own option for one migration says",
  ],
  [/unsafe use of new value/, 'use the new value in a migration that runs in a transaction of its own'],
  [/role ".*" does not exist/, 'name the roles that the environment has: --role NAME'],
  [
    /extension ".*" is not available|could not open extension control file/,
    'this server has no such extension: name an empty database of one that has it, --database URL',
  ],
  [/permission denied|must be (owner|superuser)/, 'the role of the migrations is no superuser, as on RDS'],
  [
    /canceling statement due to lock timeout/,
    'it waited for a lock for as long as a deployment lets it: see what holds it',
  ],
  [/does not exist/, 'what it needs is not there: see what makes it, and in which order'],
  [/depend on it|depends on/, 'something stands on it: take that away before, by its name'],
  [/ENOENT|command not found|not found$/m, 'the command cannot be run: name it with --command'],
];

/** What to do about a message of PostgreSQL or of a tool that quotes it. */
export const remedyFor = (message: string): string =>
  REMEDIES.find(([pattern]) => pattern.test(message))?.[1] ?? 'mend what it says, in the migration itself';

const SAID_BY_POSTGRES = REMEDIES.slice(0, -1).map(([pattern]) => pattern);

const MOST_LINES = 3;

/** Of what a tool printed the line that says most: PostgreSQL's own, else the last. */
export function sayingLine(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('at '));
  const known = lines.find((line) => SAID_BY_POSTGRES.some((pattern) => pattern.test(line)));
  const errors = lines.filter((line) => /\berror\b/i.test(line)).slice(-MOST_LINES);
  if (known) return known;
  return (errors.length > 0 ? errors : lines.slice(-1)).join('; ') || 'it printed nothing';
}
