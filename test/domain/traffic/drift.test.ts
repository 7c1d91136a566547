import { driftOf, type FoundSlots, type RecordedSlots } from '../../../src/domain/traffic/drift';

const recorded: RecordedSlots = {
  ...{ slot: 'b', weights: { a: 0, b: 100 }, tasks: 2, taskDefinition: 'shop:7' },
};
const found: FoundSlots = {
  rule: { weights: { a: 0, b: 100 } },
  fleets: { a: { taskDefinition: 'shop:1', desired: 0 }, b: { taskDefinition: 'shop:7', desired: 2 } },
  bounds: {},
};
const liveWants = (desired: number, taskDefinition = 'shop:7') => ({
  fleets: { ...found.fleets, b: { taskDefinition, desired } },
});
const idleWants = (desired: number) => ({
  fleets: { ...found.fleets, a: { taskDefinition: 'shop:1', desired } },
});

describe('slots are as recorded', () => {
  it.each<[string, Partial<RecordedSlots>, Partial<FoundSlots>]>([
    ['after a release', {}, {}],
    ['whatever the idle one would run', {}, { fleets: { ...found.fleets, a: undefined } }],
    ['while the previous version is kept warm', { warmUntil: '2026-11-21T10:00:00.000Z' }, idleWants(2)],
    [
      'where nothing was recorded of counts and versions',
      { tasks: undefined, taskDefinition: undefined },
      {},
    ],
    [
      'where Application Auto Scaling has fewer tasks now',
      {},
      { ...liveWants(1), bounds: { b: { minimum: 1 } } },
    ],
    ['where it has more', {}, { ...liveWants(9), bounds: { b: { minimum: 1 } } }],
    [
      'while a writer was interrupted between two weights',
      { weights: { a: 100, b: 0 }, intended: { a: 0, b: 100 } },
      {},
    ],
    [
      'of a service that is closed',
      { weights: { a: 0, b: 0, page: 100 } },
      { ...liveWants(0), rule: { weights: { a: 0, b: 0, page: 100 } } },
    ],
  ])('%s', (_when, record, truth) => {
    expect(driftOf({ ...recorded, ...record }, { ...found, ...truth })).toEqual({ found: '' });
  });
});

describe('only a count is put right', () => {
  it.each<[string, Partial<FoundSlots>, object]>([
    [
      'the live slot has no tasks',
      liveWants(0),
      {
        found:
          'slot b was told to run 0 tasks where 2 were recorded, and is told to run 2 again; a count that is meant to move belongs to a scalable target',
        remedy: { do: 'scale', slot: 'b', tasks: 2 },
      },
    ],
    ['it has fewer', liveWants(1), { remedy: { do: 'scale', slot: 'b', tasks: 2 } }],
    [
      'it has more, which users may need',
      liveWants(5),
      {
        found:
          'slot b is told to run 5 tasks where 2 were recorded; nothing that serves is scaled down, so 5 are recorded now',
        remedy: { do: 'record', tasks: 5 },
      },
    ],
    [
      'it has fewer than the policy allows',
      { ...liveWants(0), bounds: { b: { minimum: 3 } } },
      { remedy: { do: 'scale', slot: 'b', tasks: 3 } },
    ],
    [
      'it has none, and the policy allows that',
      { ...liveWants(0), bounds: { b: { minimum: 0 } } },
      { remedy: { do: 'scale', slot: 'b', tasks: 1 } },
    ],
    [
      'the idle slot has tasks',
      idleWants(1),
      {
        found:
          'slot a was told to run 1 tasks although it has no users; it is stopped once it receives nothing',
        remedy: { do: 'stop' },
      },
    ],
  ])('%s', (_what, truth, expected) => {
    expect(driftOf(recorded, { ...found, ...truth })).toMatchObject(expected);
  });
});

describe('what somebody may have meant is only told', () => {
  it.each<[string, Partial<FoundSlots>, RegExp]>([
    [
      'other weights, whatever the counts are',
      { ...liveWants(0), rule: { weights: { a: 100, b: 0 } } },
      /weights are a 100 \/ b 0 where a 0 \/ b 100 was recorded/,
    ],
    [
      'a rule that leads elsewhere',
      { rule: { strange: 'the rule forwards to x' } },
      /the rule forwards to x/,
    ],
    [
      'another version, whatever its count is',
      liveWants(0, 'shop:8'),
      /slot b is told to run 0 tasks of shop:8 where shop:7 was recorded; set it back/,
    ],
    ['no service', { fleets: { a: undefined, b: undefined } }, /slot b, .* has no service/],
  ])('%s', (_what, truth, expected) => {
    const { found: said, remedy } = driftOf(recorded, { ...found, ...truth });
    expect(said).toMatch(expected);
    expect(remedy).toBeUndefined();
  });
});
