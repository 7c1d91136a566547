import {
  allOn,
  closed,
  describeWeights,
  driftOfAny,
  isClosed,
  saidByAll,
  sameWeights,
  share,
  solelyLive,
  weightsDrift,
  weightsNotApplied,
} from '../../../src/domain/traffic/weights';

const recorded = { weights: { a: 90, b: 10 } };

it('finds no drift in what was recorded, or in what a writer was about to set when it was interrupted', () => {
  expect(weightsDrift({ weights: { a: 90, b: 10 } }, recorded)).toBeUndefined();
  expect(
    weightsDrift({ weights: { a: 0, b: 100 } }, { ...recorded, intended: { a: 0, b: 100 } }),
  ).toBeUndefined();
  expect(weightsDrift({ weights: { a: 100, b: 0 } }, recorded, { a: 100, b: 0 })).toBeUndefined();
});

it('shows the difference when somebody else changed the weights, or the rule', () => {
  expect(weightsDrift({ weights: { a: 80, b: 20 } }, recorded)).toBe(
    "the production rule's weights are a 80 / b 20 where a 90 / b 10 was recorded; somebody else changed them",
  );
  expect(weightsDrift({ strange: 'the rule redirects' }, recorded)).toBe('the rule redirects');
});

const read = (...says: Parameters<typeof saidByAll>[0][number]['says'][]) =>
  says.map((one, index) => ({ rule: `rule-${index + 1}`, says: one }));

it('takes several rules for one as long as they say the same', () => {
  expect(saidByAll(read({ weights: allOn('a') }, { weights: allOn('a') }))).toEqual({ weights: allOn('a') });
  expect(saidByAll(read({ weights: allOn('a') }, { weights: allOn('a'), boundSeconds: 60 }))).toEqual({
    weights: allOn('a'),
    boundSeconds: 60,
  });
  expect(saidByAll(read({ weights: allOn('a') }, { weights: { a: 90, b: 10 } }))).toEqual({
    strange: 'the production rules differ: rule-1 says a 100 / b 0, rule-2 says a 90 / b 10',
  });
  expect(saidByAll(read({ weights: allOn('a') }, { strange: 'the rule redirects' }))).toEqual({
    strange: 'the rule redirects (rule-2)',
  });
  expect(saidByAll(read({ strange: 'the rule redirects' }))).toEqual({ strange: 'the rule redirects' });
});

it('finds a drift in any of several rules, and none in a change that was interrupted between two of them', () => {
  const shifting = { ...recorded, intended: allOn('b') };
  expect(driftOfAny(read({ weights: allOn('b') }, { weights: recorded.weights }), shifting)).toBeUndefined();
  expect(
    driftOfAny(read({ weights: allOn('a') }, { weights: allOn('b') }), shifting, allOn('a')),
  ).toBeUndefined();
  expect(driftOfAny(read({ weights: recorded.weights }, { weights: { a: 1, b: 1 } }), shifting)).toBe(
    "the production rule's weights are a 1 / b 1 where a 90 / b 10 was recorded; somebody else changed them (rule-2)",
  );
});

it('believes a change only when it is read back', () => {
  expect(weightsNotApplied({ weights: allOn('b') }, { a: 0, b: 100 })).toBeUndefined();
  expect(weightsNotApplied({ weights: { a: 90, b: 10 } }, allOn('b'))).toBe(
    'the production rule reads a 90 / b 10 after a 0 / b 100 was set',
  );
  expect(weightsNotApplied({ strange: 'the rule redirects' }, allOn('b'), 'test')).toBe(
    'the test rule reads otherwise (the rule redirects) after a 0 / b 100 was set',
  );
});

it('gives green its share and blue the rest, whichever slot is green', () => {
  expect(share('b', 10)).toEqual({ a: 90, b: 10 });
  expect(share('a', 10)).toEqual({ a: 10, b: 90 });
});

it('calls a slot live only when it has all the traffic', () => {
  expect(solelyLive(allOn('a'))).toBe('a');
  expect(solelyLive({ a: 1, b: 99 })).toBeUndefined();
  expect(solelyLive({ a: 0, b: 0 })).toBeUndefined();
});

it('calls no slot live while users get the maintenance page, and tells it in words', () => {
  expect(solelyLive(closed)).toBeUndefined();
  expect(isClosed(closed)).toBe(true);
  expect(isClosed({ a: 0, b: 1, page: 99 })).toBe(false);
  expect(describeWeights(closed)).toBe('a 0 / b 0 / maintenance page 100');
  // records of before there was a page
  expect(sameWeights({ a: 100, b: 0 }, { a: 100, b: 0, page: 0 })).toBe(true);
});
