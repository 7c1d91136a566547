import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { evaluateTemplate } from '../../../local/asl/jsonata';
import {
  type Bindings,
  evaluateByLibrary,
  libraryExpression,
  plain,
} from '../../../local/asl/jsonata-library';
import { type Node, shortcutOf } from '../../../local/asl/jsonata-shortcut';
import { bindings } from './bindings';
import { ARITHMETIC, EQUALITY, expression, ORDER } from './expressions';

const SEED = 20260131;
const NOTHING = 'gave nothing';

/** What the library makes of an expression: a value, or why it has none. */
async function truth(source: string, bindings: Bindings): Promise<{ value: unknown } | { failure: string }> {
  try {
    const value = plain(await evaluateByLibrary(libraryExpression(source), bindings));
    return value === undefined ? { failure: NOTHING } : { value };
  } catch (error) {
    return { failure: String((error as { code?: string }).code) };
  }
}

/** The value of a field, or how the message of its failure has it. */
async function answer(source: string, bindings: Bindings): Promise<{ value: unknown } | { failure: string }> {
  try {
    return { value: await evaluateTemplate(`{% ${source} %}`, bindings, 'Output') };
  } catch (error) {
    const { message } = error as Error;
    if (message.endsWith('returned nothing (undefined).')) return { failure: NOTHING };
    return { failure: /evaluation\. (\w+):/.exec(message)?.[1] ?? 'undefined' };
  }
}

const KINDS = ['path', 'variable', 'condition', 'and', 'or', '&', ...ARITHMETIC, ...ORDER, ...EQUALITY];
const kindOf = ({ type, value }: Node) => (type === 'binary' ? value : type);

/** The node of a syntax tree and all that are within it. */
function nodesOf(tree: unknown): Node[] {
  if (tree === null || typeof tree !== 'object') return [];
  const within = Object.values(tree).flatMap(nodesOf);
  return 'type' in tree ? [tree as Node, ...within] : within;
}

describe('an expression', () => {
  it('gives what the library gives, value or error, whichever way it is evaluated', async () => {
    await fc.assert(
      fc.asyncProperty(expression, bindings, async (source, seen) => {
        const [actual, expected] = [await answer(source, seen()), await truth(source, seen())];
        if (!isDeepStrictEqual(actual, expected))
          throw new Error(`${source} gave ${JSON.stringify(actual)} instead of ${JSON.stringify(expected)}`);
      }),
      { seed: SEED, numRuns: 10_000 },
    );
  });

  it('was evaluated both without the library and by it, whatever it consists of', () => {
    const cases = fc.sample(fc.tuple(expression, bindings), { seed: SEED, numRuns: 1_000 });
    const ways = cases.flatMap(([source, seen]) =>
      nodesOf(libraryExpression(source).ast()).map((node) => {
        const isShort = shortcutOf(node)?.(seen()) !== undefined;
        return `${kindOf(node)} ${isShort ? 'without' : 'by'} the library`;
      }),
    );
    const wanted = KINDS.flatMap((kind) => [`${kind} without the library`, `${kind} by the library`]);
    expect(wanted.filter((way) => ways.filter((one) => one === way).length < 5)).toEqual([]);
  });
});
