import { InvalidParameterException } from '@aws-sdk/client-cloudwatch-logs';

/**
 * Whether a message matches a filter pattern: every plain or quoted term must occur, `-term` must not, of `?term`s
 * one is enough. Of JSON patterns (`{ … }`) those are known that compare members with texts and want all of it; others, column
 * (`[ … ]`) and regular-expression (`%…%`) patterns are refused by name.
 */
export function matcher(pattern: string | undefined): (message: string) => boolean {
  const text = pattern?.trim() ?? '';
  if (text === '') return () => true;
  if (text.startsWith('{')) return ofMembers(text);
  if (/^[[%]/.test(text)) throw unknown(text);
  const terms = (text.match(/[-?]?(?:"[^"]*"|\S+)/g) ?? []).map((term) => ({
    kind: term[0] === '-' ? 'without' : term[0] === '?' ? 'any' : 'all',
    word: term.replace(/^[-?]/, '').replace(/^"(.*)"$/, '$1'),
  }));
  const any = terms.filter(({ kind }) => kind === 'any');
  return (message) =>
    terms.every(({ kind, word }) => kind === 'any' || message.includes(word) === (kind === 'all')) &&
    (any.length === 0 || any.some(({ word }) => message.includes(word)));
}

const unknown = (text: string) =>
  new InvalidParameterException({
    message: `the local cloud has no column, regular-expression or such JSON filter patterns: ${text}`,
    $metadata: {},
  });

/** `{ ($.a = "x") && ($.b.c = "y") }`. A line that is no JSON matches nothing. */
function ofMembers(text: string): (message: string) => boolean {
  const wanted = text
    .slice(1, -1)
    .split('&&')
    .map((part) => {
      const [, path, word] = /^\s*\(?\s*\$\.([\w.]+)\s*=\s*"([^"]*)"\s*\)?\s*$/.exec(part) ?? [];
      if (path === undefined || !text.endsWith('}')) throw unknown(text);
      return { path: path.split('.'), word };
    });
  return (message) => {
    let line: unknown;
    try {
      line = JSON.parse(message);
    } catch {
      return false;
    }
    return wanted.every(
      ({ path, word }) =>
        // biome-ignore lint/suspicious/noExplicitAny: a line is whatever its function wrote
        path.reduce<any>((part, name) => part?.[name], line) === word,
    );
  };
}
