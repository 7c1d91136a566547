import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (name === 'dist') return [];
    return statSync(join(root, path)).isDirectory() ? sources(path) : path.endsWith('.ts') ? [path] : [];
  });
}
const files = [
  'src/acts',
  'src/domain/api',
  'src/aws',
  'src/postgres',
  'src/runtime',
  'src/cli',
  'lambdas',
  'lib',
].flatMap(sources);

/** Doors by which text goes out or comes in, and what it passes there. */
const DOORS: Record<string, { door: RegExp; passes: RegExp }> = {
  'an event': { door: /new PutEventsCommand\(/, passes: /redacted\(detail/ },
  'a message': { door: /new PublishCommand\(/, passes: /aroundLink\(message[\s\S]*redact|redact\(subject\)/ },
  'the input of an execution': { door: /new StartExecutionCommand\(/, passes: /redacted\(input/ },
  'the result of a step': { door: /\bstep\.run\(/, passes: /redacted\(\s*await step\.run\(/ },
  'a line of a log': {
    door: /new Logger\(/,
    passes: /redact\(mayQuote\(error\)[\s\S]*redacted\(told, redact\)/,
  },
  'what is printed': { door: /\bconsole\.(log|error)\(/, passes: /console\.\w+\(printable\(redact\(text\)/ },
  'what the live page is told': { door: /new URL\(request\.url/, passes: /problem: redact\(text\)/ },
  'an answer of the HTTP API': {
    door: /'content-type': 'application\/(?:problem\+)?json'/,
    passes: /JSON\.stringify\(redacted\(document, redact[\s\S]*JSON\.stringify\(\s*redacted\(/,
  },
  'an answer to CloudFormation': { door: /event\.ResponseURL/, passes: /Reason: redaction\(\[\]\)/ },
  "a task's log": { door: /new GetLogEventsCommand\(/, passes: /READ_LINES/ },
  'an error of the database': {
    door: /\bcatch \(error\)[\s\S]*\b(unreachable|pg_stat_statements cannot)/,
    passes: /databaseSaid\(error/,
  },
  'why a task stopped': { door: /\bstoppedReason\b/, passes: /stopReason\(/ },
  "a function's error": { door: /\berrorMessage\b/, passes: /withoutValues\(errorMessage/ },
};

describe.each(Object.entries(DOORS))('%s', (_, { door, passes }) => {
  const through = files.filter((file) => door.test(readFileSync(join(root, file), 'utf8')));

  it('has a door', () => expect(through).not.toEqual([]));

  it.each(through)('is redacted in %s', (file) =>
    expect(readFileSync(join(root, file), 'utf8')).toMatch(passes),
  );
});

it('the message of an error is put into other words only where it is redacted, or is one of AWS or of ours', () => {
  const quoting = files.filter((file) =>
    /(?:as Error(?: & [^;]*?)?\)\.message|\{[^{}]*\bmessage\b[^{}]*\} = error as Error)/.test(
      readFileSync(join(root, file), 'utf8'),
    ),
  );
  expect(quoting.sort()).toEqual([
    // errors of AWS's services, which name resources
    'lib/held/custom-resource.ts',
    'src/aws/completion.ts',
    'src/aws/databases.ts',
    'src/aws/rds.ts',
    'src/aws/reports.ts',
    'src/aws/snapshots.ts',
    'src/aws/trial.ts',
    // what goes on to `print`
    'src/cli/acceptance-file.ts',
    'src/cli/attempts/plain-runner.ts',
    'src/cli/config.ts',
    'src/cli/deploy.ts',
    'src/cli/doctor.ts',
    'src/cli/index.ts',
    'src/cli/page/http.ts',
    'src/cli/tried-file.ts',
    'src/cli/try.ts',
    'src/postgres/attempts/watch.ts',
    // what goes on to `logged`
    'src/runtime/run-step.ts',
  ]);
});
