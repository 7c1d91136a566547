import type { Deployment } from '../../../src/domain/deployment/deployment';
import { whoDecides } from '../../../src/domain/rollback/decider';
import { rollbackQuestion } from '../../../src/domain/rollback/rollback-question';

const limits = { automaticSeconds: 300, confirmSeconds: 900 };

it.each([
  ['before any shift', null, 0, 'automatic'],
  ['before any shift, however long it took', null, 86_400, 'automatic'],
  ['at 10 %', { greenPercent: 10 }, 60, 'automatic'],
  ['at 10 %, within the second limit', { greenPercent: 10 }, 600, 'automatic'],
  ['at 99 % for a day', { greenPercent: 99 }, 86_400, 'automatic'],
  ['at 100 %, at once', { greenPercent: 100 }, 0, 'automatic'],
  ['at 100 %, at the first limit', { greenPercent: 100 }, 300, 'automatic'],
  ['at 100 %, past the first limit', { greenPercent: 100 }, 301, 'confirm'],
  ['at 100 %, at the second limit', { greenPercent: 100 }, 900, 'confirm'],
  ['at 100 %, past the second limit', { greenPercent: 100 }, 901, 'propose'],
  ['at 100 % for a day', { greenPercent: 100 }, 86_400, 'propose'],
] as const)('%s', (_case, shift, age, decider) => expect(whoDecides(shift, age, limits)).toBe(decider));

it('asks first or not at all, where the limits leave no time between', () => {
  const at = (age: number, automaticSeconds: number, confirmSeconds: number) =>
    whoDecides({ greenPercent: 100 }, age, { automaticSeconds, confirmSeconds });
  expect(at(1, 0, 0)).toBe('propose');
  expect(at(1, 10, 0)).toBe('automatic');
  expect(at(11, 10, 0)).toBe('propose');
});

describe('the question', () => {
  const deployment = (onTimeout: string, traffic: object | null, workers: object[]) =>
    ({
      id: 'd1',
      requestedImage: 'shop:v3',
      settings: { service: 'shop', traffic, workers, rollback: { ...limits, timeoutSeconds: 60, onTimeout } },
    }) as unknown as Deployment;
  const linesOf = (
    decides: 'confirm' | 'propose',
    onTimeout: string,
    migrated = true,
    traffic: object | null = {},
    workers: object[] = [],
  ) =>
    rollbackQuestion({
      deployment: deployment(onTimeout, traffic, workers),
      decides,
      cause: 'green 30 of 100 requests failed',
      since: '2026-11-21T10:00:00.000Z',
      migrated,
      now: new Date('2026-11-21T10:20:00Z'),
    }).lines.join('\n');

  it.each([
    [
      'confirm',
      'operator',
      'all traffic is back',
      'until 2026-11-21T10:21:00.000Z the rollback is completed',
    ],
    ['confirm', 'complete', 'all traffic is back', 'the rollback is completed'],
    ['propose', 'operator', 'go on failing until somebody decides', 'an operator is called'],
    ['propose', 'complete', 'go on failing until somebody decides', 'the rollback is completed'],
  ] as const)('%s, with %s by default', (decides, onTimeout, stands, byDefault) => {
    const lines = linesOf(decides, onTimeout);
    expect(lines).toContain('green 30 of 100 requests failed');
    expect(lines).toContain(stands);
    expect(lines).toContain(byDefault);
  });

  it('says where the workers are', () => {
    const lines = (decides: 'confirm' | 'propose') => linesOf(decides, 'operator', true, {}, [{}]);
    expect(lines('confirm')).toContain(
      'all traffic and all workers are back on the previous version already',
    );
    expect(lines('propose')).toContain('all traffic and the workers that have moved are still on shop:v3');
  });

  it('speaks of no users where a pure worker has none', () => {
    const lines = linesOf('propose', 'operator', true, null);
    expect(lines).toContain('shop:v3 goes on working until somebody decides');
    expect(lines).not.toMatch(/traffic|users|requests that/);
  });

  it('says what going back loses, also of the schema', () => {
    expect(linesOf('propose', 'operator')).toContain(
      'since 2026-11-21T10:00:00.000Z; the schema stays expanded',
    );
    expect(linesOf('propose', 'operator', false)).toContain('the schema did not change');
  });
});
