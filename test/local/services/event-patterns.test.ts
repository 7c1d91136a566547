import { compile, PatternError } from '../../../local/services/events/pattern';

describe('an event pattern', () => {
  const event = {
    source: 'aws.ecr',
    'detail-type': 'ECR Image Action',
    detail: {
      tag: 'v2.1',
      count: 5,
      ok: true,
      list: ['a', 'b'],
      nothing: null,
      inner: { name: 'Shop' },
      items: [
        { id: 1, of: 'a' },
        { id: 2, of: 'b', sizes: [{ w: 1 }, { w: 2 }] },
      ],
      ip: '10.0.0.33',
      ip6: '2001:db8:0::5',
      path: 'dir/a*b',
      none: [],
      'dotted.name': 'd',
    },
  };
  const detail = (pattern: unknown) => compile({ detail: pattern })(event);

  it.each([
    ['an exact value', { tag: ['v1', 'v2.1'] }, { tag: ['v1', 'v2'] }],
    ['an exact number', { count: [5] }, { count: ['5'] }],
    ['null', { nothing: [null] }, { tag: [null] }],
    ['a prefix', { tag: [{ prefix: 'v2' }] }, { tag: [{ prefix: 'V2' }] }],
    [
      'a prefix in any case',
      { tag: [{ prefix: { 'equals-ignore-case': 'V2' } }] },
      { tag: [{ prefix: { 'equals-ignore-case': 'w' } }] },
    ],
    ['a suffix', { tag: [{ suffix: '.1' }] }, { tag: [{ suffix: '.2' }] }],
    [
      'anything but',
      { tag: [{ 'anything-but': ['v1', 'v3'] }] },
      { tag: [{ 'anything-but': ['v1', 'v2.1'] }] },
    ],
    [
      'anything but a prefix',
      { tag: [{ 'anything-but': { prefix: 'w' } }] },
      { tag: [{ 'anything-but': { prefix: 'v' } }] },
    ],
    [
      'anything but, where nothing is',
      { tag: [{ 'anything-but': 'x' }] },
      { absent: [{ 'anything-but': 'x' }] },
    ],
    ['a range of numbers', { count: [{ numeric: ['>', 4, '<=', 5] }] }, { count: [{ numeric: ['>', 5] }] }],
    ['presence', { tag: [{ exists: true }] }, { absent: [{ exists: true }] }],
    ['absence', { absent: [{ exists: false }] }, { tag: [{ exists: false }] }],
    ['any case', { inner: { name: [{ 'equals-ignore-case': 'SHOP' }] } }, { inner: { name: ['SHOP'] } }],
    ['a wildcard', { tag: [{ wildcard: 'v*.1' }] }, { tag: [{ wildcard: 'v*.2' }] }],
    ['a member of a list', { list: ['b'] }, { list: ['c'] }],
    ['a member of a list of objects', { items: { id: [2] } }, { items: { id: [3] } }],
    [
      'either of two branches',
      { $or: [{ tag: ['v9'] }, { count: [5] }] },
      { $or: [{ tag: ['v9'] }, { count: [6] }] },
    ],
    [
      'anything but what ends so',
      { tag: [{ 'anything-but': { suffix: ['.2', '.3'] } }] },
      { tag: [{ 'anything-but': { suffix: ['.1', '.3'] } }] },
    ],
    [
      'anything but a text in any case',
      { inner: { name: [{ 'anything-but': { 'equals-ignore-case': 'store' } }] } },
      { inner: { name: [{ 'anything-but': { 'equals-ignore-case': 'sHOP' } }] } },
    ],
    [
      'anything but a wildcard',
      { tag: [{ 'anything-but': { wildcard: '*.2' } }] },
      { tag: [{ 'anything-but': { wildcard: ['*.2', 'v*'] } }] },
    ],
    ['anything but a number', { count: [{ 'anything-but': [4, 6] }] }, { count: [{ 'anything-but': 5 }] }],
    [
      'anything but a text, where a number or null is',
      { count: [{ 'anything-but': '5' }], nothing: [{ 'anything-but': { prefix: 'n' } }] },
      { count: [{ 'anything-but': 5 }], nothing: [{ 'anything-but': 'x' }] },
    ],
    ['a network', { ip: [{ cidr: '10.0.0.0/24' }] }, { ip: [{ cidr: '10.0.1.0/24' }] }],
    ['a network of the new kind', { ip6: [{ cidr: '2001:db8::/32' }] }, { ip: [{ cidr: '::/0' }] }],
    ['an address, however it is written', { ip6: ['2001:db8::5'] }, { ip6: ['2001:db8::6'] }],
    [
      'a suffix in any case',
      { inner: { name: [{ suffix: { 'equals-ignore-case': 'OP' } }] } },
      { inner: { name: [{ suffix: 'OP' }] } },
    ],
    ['a star that is meant', { path: [{ wildcard: '*/a\\*b' }] }, { tag: [{ wildcard: 'v\\*' }] }],
    ['presence of leaves only', { inner: { name: [{ exists: true }] } }, { inner: [{ exists: true }] }],
    ['absence of leaves only', { inner: [{ exists: false }] }, { 'inner.name': [{ exists: false }] }],
    ['an empty list as absent', { none: [{ exists: false }] }, { none: [{ exists: true }] }],
    ['absence or a value', { absent: [{ exists: false }, 'x'] }, { tag: [{ exists: false }, 'x'] }],
    ['a dotted name for a nested one', { 'inner.name': ['Shop'] }, { 'inner.name': ['shop'] }],
    ['a nested name for a dotted one', { dotted: { name: ['d'] } }, { dotted: { name: ['e'] } }],
    [
      'fields of one element together',
      { items: { id: [2], of: ['b'], sizes: { w: [2] } } },
      { items: { id: [1], of: ['b'] } },
    ],
    [
      'alternatives within alternatives',
      { $or: [{ tag: ['v9'] }, { count: [5], $or: [{ ok: [true] }, { ok: ['x'] }] }] },
      { $or: [{ tag: ['v9'] }, { count: [5], $or: [{ ok: [false] }, { ok: ['x'] }] }] },
    ],
    [
      '`$or` as a name where it cannot be alternatives',
      { $or: { exists: [{ exists: false }] } },
      { $or: ['x'] },
    ],
    ['all of several fields', { tag: ['v2.1'], ok: [true] }, { tag: ['v2.1'], ok: [false] }],
  ])('matches %s and nothing else', (_, matching, other) => {
    expect([detail(matching), detail(other)]).toEqual([true, false]);
  });

  it.each([
    ['no object', [], 'Filter is not an object'],
    ['an empty object', { detail: {} }, 'Empty objects are not allowed'],
    ['an empty list', { source: [] }, 'Empty arrays are not allowed'],
    ['a bare value', { source: 'aws.ecr' }, '"source" must be an object or an array'],
    ['a list in a list', { a: [['b']] }, 'Match value must be String, number, true, false, or null'],
    ['an operator in other letters', { a: [{ NUMERIC: ['=', 5] }] }, 'Unrecognized match type NUMERIC'],
    ['no operator', { a: [{}] }, 'Match expression name not found'],
    ['two operators', { a: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression'],
    ['a prefix that is no text', { a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    ['a list of suffixes', { a: [{ suffix: ['b'] }] }, 'suffix match pattern must be a string'],
    [
      'an operator within a prefix',
      { a: [{ prefix: { wildcard: '*' } }] },
      'Unsupported prefix pattern: wildcard',
    ],
    [
      'a prefix in any case of no text',
      { a: [{ prefix: { 'equals-ignore-case': 5 } }] },
      'equals-ignore-case match pattern must be a string',
    ],
    [
      'a list in any case',
      { a: [{ 'equals-ignore-case': ['b'] }] },
      'equals-ignore-case match pattern must be a string',
    ],
    ['exists of no truth', { a: [{ exists: 'true' }] }, 'exists match pattern must be either true or false.'],
    ['numeric without a list', { a: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
    ['numeric without a comparison', { a: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
    ['an unknown comparison', { a: [{ numeric: ['!', 1] }] }, 'Unrecognized numeric range operator: !'],
    ['a bound that is a text', { a: [{ numeric: ['=', '1'] }] }, 'Value of equals must be numeric'],
    ['a range from above', { a: [{ numeric: ['<', 5, '>', 1] }] }, 'Too many elements in numeric expression'],
    ['a range that ends in =', { a: [{ numeric: ['>', 1, '=', 5] }] }, 'Bad numeric range operator: ='],
    ['a range without an end', { a: [{ numeric: ['>', 1, '<'] }] }, 'Value of < must be numeric'],
    ['an empty range', { a: [{ numeric: ['>', 5, '<', 5] }] }, 'Bottom must be less than top'],
    [
      'three comparisons',
      { a: [{ numeric: ['>', 1, '<', 5, '<', 6] }] },
      'Too many terms in numeric range expression',
    ],
    ['a network without its size', { a: [{ cidr: '10.0.0.0' }] }, "Malformed CIDR, one '/' required"],
    [
      'a size that is no number',
      { a: [{ cidr: '10.0.0.0/x' }] },
      'Malformed CIDR, mask bits must be an integer',
    ],
    ['a network of one address', { a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
    ['a network that is none', { a: [{ cidr: 'bad/8' }] }, 'Nonstandard IP address: bad'],
    ['a network that is no text', { a: [{ cidr: ['10.0.0.0/8'] }] }, 'prefix match pattern must be a string'],
    [
      'anything but null',
      { a: [{ 'anything-but': null }] },
      'Value of anything-but must be an array or single string/number value.',
    ],
    [
      'anything but null among others',
      { a: [{ 'anything-but': ['b', null] }] },
      'Inside anything but list, start|null|boolean is not supported.',
    ],
    ['anything but mixed types', { a: [{ 'anything-but': ['b', 5] }] }, 'mixed type is not supported'],
    ['anything but nothing', { a: [{ 'anything-but': [] }] }, 'mixed type is not supported'],
    [
      'anything but a number range',
      { a: [{ 'anything-but': { numeric: ['=', 1] } }] },
      'Unsupported anything-but pattern: numeric',
    ],
    [
      'anything but an empty prefix',
      { a: [{ 'anything-but': { prefix: '' } }] },
      'Null prefix/suffix not allowed',
    ],
    [
      'anything but a prefix that is no text',
      { a: [{ 'anything-but': { prefix: [1, 'b'] } }] },
      'prefix/suffix match pattern must be a string',
    ],
    [
      'anything but a number in any case',
      { a: [{ 'anything-but': { 'equals-ignore-case': 1 } }] },
      'Inside anything-but/equals-ignore-case list',
    ],
    ['two stars side by side', { a: [{ wildcard: 'b**' }] }, 'Consecutive wildcard characters at pos 2'],
    ['an escape of nothing', { a: [{ wildcard: 'b\\c' }] }, 'Invalid escape character at pos 2'],
    ['a list of wildcards', { a: [{ wildcard: ['b'] }] }, 'wildcard match pattern must be a string'],
    ['wildcards that fit too often', { a: [{ wildcard: '*aaaaaaaaaa' }] }, 'Rule is too complex'],
    [
      'too many wildcards together',
      { a: ['bif', 'tif', 'tiff', 'svs'].map((end) => ({ wildcard: `*/datasync/*.${end}` })) },
      'Rule is too complex',
    ],
    ['one alternative', { $or: [{ a: ['b'] }] }, 'There must have at least 2 Objects in $or relationship.'],
    [
      'an alternative that is no object',
      { $or: [{ a: ['b'] }, 'c'] },
      'Only JSON object is allowed in array of $or',
    ],
    [
      'a reserved name in alternatives',
      { $or: [{ prefix: ['b'] }, { a: ['b'] }] },
      'prefix is Ruler reserved fieldName',
    ],
    [
      'more than 1,000 combinations',
      { ...Object.fromEntries([...'abcdefghij'].map((name) => [name, { $or: [{ x: [1] }, { y: [1] }] }])) },
      'More than 1000 combinations',
    ],
  ])('is refused with %s', (_, pattern, message) => {
    expect(() => compile(pattern)).toThrow(PatternError);
    expect(() => compile(pattern)).toThrow(message);
  });

  it('may have wildcards that fit now and then', () => {
    const kept = ['/Users/*/dir/dir/dir/dir/dir/doc.txt', '*.bif', '*a*b*c*'];
    for (const wildcard of kept) expect(() => compile({ a: [{ wildcard }] })).not.toThrow();
  });
});
