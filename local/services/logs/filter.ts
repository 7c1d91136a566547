import { InvalidParameterException } from '@aws-sdk/client-cloudwatch-logs';

/**
 * Whether a message matches a filter pattern: every plain or quoted term must occur, `-term` must not, of `?term`s
 * one is enough. JSON (`{ … }`), column (`[ … ]`) and regular-expression (`%…%`) patterns are refused by name.
 */
export function matcher(pattern: string | undefined): (message: string) => boolean {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => true;
  if (/^[{[%]/.test(text)) {
    throw new InvalidParameterException({
      message: `the local cloud has no JSON, column or regular-expression filter patterns: ${text}`,
      $metadata: {},
    });
  }
  const terms = (text.match(/[-?]?(?:"[^"]*"|\S+)/g) ?? []).map((term) => ({
    kind: term[0] === '-' ? 'without' : term[0] === '?' ? 'any' : 'all',
    word: term.replace(/^[-?]/, '').replace(/^"(.*)"$/, '$1'),
  }));
  const any = terms.filter(({ kind }) => kind === 'any');
  return (message) =>
    terms.every(({ kind, word }) => kind === 'any' || message.includes(word) === (kind === 'all')) &&
    (any.length === 0 || any.some(({ word }) => message.includes(word)));
}
