import { parser } from '../../../src/domain/migrations/parser';
import type { Finding } from '../../../src/domain/migrations/types';

/** What a statement may do to production, in the order of a sentence. */
const HARMS =
  /^[A-Z][a-z]+ing .+? (makes (reads and )?writes of .+ wait until it is done, which (takes longer the bigger the table is|is soon in a small table)|loses data|breaks the live version|is refused by PostgreSQL, so the migration fails|does nothing, and PostgreSQL gives no error)[.,: ]/;
const DOES_NO_HARM =
  /^[A-Z][a-z]+ing .+? (takes [A-Z ]+ on .+ briefly|blocks nobody|does nothing|is safe: table .+ is created in this release|makes .+ wait until it is done, which is soon in a small table)\./;
const UNKNOWN = /^Running this has effects that nobody can tell: .+\.$/;

const SENTENCE = /^[A-Z][^;]*\.$/;

/** A name that is empty, or not there. */
const GAP = / {2}| [,.:]|undefined|""/;

const isSql = (line: string) => line.endsWith(';');

/** The parser's words about a statement with something in the place of what only the user knows. */
function refusal(line: string): string | undefined {
  try {
    parser().parseSync(line.replaceAll('<…>', 'something'));
    return undefined;
  } catch (error) {
    return `${(error as Error).message}: ${line}`;
  }
}

/** The text of a finding: a sentence of what it does to production, and for what stops a deployment what to do instead. */
export function expectPattern({ rule, message, remedy, stops, class: kind }: Finding): void {
  const pattern = kind === 'opaque' ? UNKNOWN : stops ? HARMS : DOES_NO_HARM;
  expect({ rule, message }).toEqual({ rule, message: expect.stringMatching(pattern) });
  expect(`${message}\n${remedy}`).not.toMatch(GAP);
  for (const sentence of message.split(/(?<=\.) (?=[A-Z])/)) expect(sentence).toMatch(SENTENCE);
  if (!stops && kind !== 'opaque') {
    expect({ rule, remedy }).toEqual({ rule, remedy: '' });
    return;
  }
  const lines = remedy.split('\n');
  for (const line of lines.filter((one) => !isSql(one))) expect(line).toMatch(SENTENCE);
  expect(lines.filter(isSql).flatMap((line) => refusal(line) ?? [])).toEqual([]);
  expect(lines.at(-1) === 'Only you know what belongs in the place of each <…>.').toBe(
    lines.some((line) => isSql(line) && line.includes('<…>')),
  );
}
