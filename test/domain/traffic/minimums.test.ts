import { minimumsOfStart, minimumsOfStop, ownersMinimum } from '../../../src/domain/traffic/minimums';

const bounds = (minimum: number, maximum = 10) => ({ minimum, maximum });

it.each([
  ['nobody scales', {}, undefined, 0],
  ['both slots have it', { a: bounds(2), b: bounds(2) }, undefined, 2],
  ['the slot that serves has it', { a: bounds(0), b: bounds(2) }, undefined, 2],
  ['one slot is scaled', { a: bounds(3) }, undefined, 3],
  ['the service is closed', { a: bounds(0), b: bounds(0) }, 2, 2],
])("the owner's minimum where %s", (_, slots, kept, minimum) =>
  expect(ownersMinimum(slots, kept)).toBe(minimum),
);

describe('a slot that was started', () => {
  it.each([
    ['gets what the other one has', { a: bounds(2), b: bounds(0) }, undefined, [{ slot: 'b', minimum: 2 }]],
    ['keeps its own', { a: bounds(0), b: bounds(2) }, undefined, []],
    ['gets what was kept', { a: bounds(0), b: bounds(0) }, 2, [{ slot: 'b', minimum: 2 }]],
    [
      'gets no more than its maximum',
      { a: bounds(5), b: bounds(0, 3) },
      undefined,
      [{ slot: 'b', minimum: 3 }],
    ],
    ['gets none where nobody scales it', { a: bounds(2) }, undefined, []],
  ])('%s', (_, slots, kept, changes) => expect(minimumsOfStart(slots, 'b', kept)).toEqual(changes));
});

describe('a slot that is stopped', () => {
  it.each([
    [
      'hands it to the other one first',
      { a: bounds(2), b: bounds(0) },
      false,
      [
        { slot: 'b', minimum: 2 },
        { slot: 'a', minimum: 0 },
      ],
    ],
    [
      'loses it where the other one has it',
      { a: bounds(2), b: bounds(2) },
      false,
      [{ slot: 'a', minimum: 0 }],
    ],
    ['has none to lose', { a: bounds(0), b: bounds(2) }, false, []],
    [
      'loses it alone while the service is closed',
      { a: bounds(2), b: bounds(0) },
      true,
      [{ slot: 'a', minimum: 0 }],
    ],
    ['keeps it where nobody else could', { a: bounds(2) }, false, []],
    ['is not scaled', {}, false, []],
  ])('%s', (_, slots, closed, changes) => expect(minimumsOfStop(slots, 'a', closed)).toEqual(changes));
});
