import { flatness } from './flat';

/** A look after each ten deployments. */
const looks = (count: number, mb: (after: number) => number) =>
  Array.from({ length: count / 10 }, (_none, i) => ({ after: 10 * (i + 1), mb: mb(10 * (i + 1)) }));

it('is flat when the last hundred holds what the second held, whatever the first did', () => {
  expect(flatness(looks(1_000, (after) => (after <= 100 ? after : 1_000)))).toEqual({
    second: 1_000,
    last: 1_000,
    growth: 0,
    flat: true,
  });
});

it('is not flat when a little stays of every deployment', () => {
  expect(flatness(looks(1_000, (after) => 1_000 + after / 10))).toMatchObject({ flat: false });
  expect(flatness(looks(1_000, (after) => 1_000 + after / 20))).toMatchObject({ flat: true });
});

it('does not mind a single look that meets garbage', () => {
  expect(flatness(looks(300, (after) => (after === 290 ? 5_000 : 1_000)))).toMatchObject({ flat: true });
});

it('compares the last hundred of however many there were', () => {
  expect(flatness(looks(400, (after) => after))).toMatchObject({ second: 150, last: 350 });
});
