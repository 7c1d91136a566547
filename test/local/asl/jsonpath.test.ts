import { query } from '../../../local/asl/jsonpath';

const input = {
  list: [{ n: 1, kind: 'a', tag: 'foobar' }, { n: 2, kind: 'b', tag: 'bar' }, { n: 3 }],
  'odd key': { 'a.b': 1 },
  deep: { n: 9, deeper: { n: 10 } },
  limit: 2,
  'a"b': { "c'd": 5, 'e\\f': 6, 'g\nh': 7 },
};
const scope = { input, variables: { v: { x: [1, 2] } }, context: () => ({ Execution: { Name: 'one' } }) };
const evaluate = (path: string) => query(path, scope, 'x.$');

describe('a path', () => {
  it.each([
    ['$.list[0].n', 1],
    ['$.list[-1].n', 3],
    ["$['odd key']['a.b']", 1],
    ["$.['list'].[0].n", 1],
    [String.raw`$['a\"b']["c'd"]`, 5],
    [String.raw`$.a"b['c\'d']`, 5],
    [`$.a"b.c'd`, 5],
    [String.raw`$.a"b.e\f`, 6],
    [String.raw`$['a"b']['e\\f']`, 6],
    [String.raw`$['a"b']['g\nh']`, 7],
    [String.raw`$['a\u0022b']["c'd"]`, 5],
    ['$$.Execution.Name', 'one'],
    ['$v.x[1]', 2],
    ['$.list[*].n', [1, 2, 3]],
    ['$.list[1:].n', [2, 3]],
    ['$.list[:-1].n', [1, 2]],
    ['$.list[0,2].n', [1, 3]],
    ['$.deep..n', [9, 10]],
    ['$.list[?(@.n > 1)].n', [2, 3]],
    ["$.list[?(@.kind == 'b' || @.n == 3)].n", [2, 3]],
    ['$.list[?(@.kind)].n', [1, 2]],
    ["$.list[?(@.kind in ['a', 'c'])].n", [1]],
    ['$.list[?(@.tag =~ /FOO.*/i)].n', [1]],
    ['$.list[?(@.tag =~ /oo/)].n', []],
    ['$.list[?(@.n <= $.limit && !(@.n == 1))].n', [2]],
    ["$.list[?(@.n > '1')].n", []],
    ["$.list[0]['n', 'kind']", { n: 1, kind: 'a' }],
    ['$..[?(@.n >= 3)].n', [3, 9, 10]],
    ['$.none[*]', []],
    ['$.list[?(@.n == 7)]', []],
  ])('%s', (path, expected) => {
    expect(evaluate(path)).toEqual(expected);
  });

  it.each(['$.none', '$.list[3]', '$.limit.x', '$.list.n', '$w', '$v.y'])('%s names nothing', (path) => {
    expect(() => evaluate(path)).toThrow(expect.objectContaining({ error: 'States.Runtime' }));
  });

  it.each(['$.list[', '$.list[?(@.n ==)]', '$.list.length()', '$.list[(@.length-1)]', 'list', '$.a b'])(
    '%s is refused, not taken for something else',
    (path) => {
      expect(() => evaluate(path)).toThrow(/^Invalid path/);
    },
  );
});
