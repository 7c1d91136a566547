import * as fc from 'fast-check';
import { requestSchema } from '../../src/domain/request/request';
import { states } from '../../statemachines';
import { type FaultWorld, openFaultWorld } from './fault-world';
import { found } from './random/found';
import { story } from './random/generate';
import { failure, one, Untrue } from './random/main';
import { Playing } from './random/play';
import { requestOf } from './random/request';
import type { Story } from './random/story';
import { tell } from './random/tell';

jest.setTimeout(240_000);

describe('a random story', () => {
  const typeOf = (name: string) => states.find((one) => one.name === name)?.state.Type;
  const check = (holds: (told: Story) => void) =>
    fc.assert(fc.property(story, holds), { seed: 20261121, numRuns: 500 });

  it('has one to three deployments and at most five events, at states of the graph', () => {
    check(({ deployments }) => {
      const events = deployments.flatMap((one) => one.events);
      expect(deployments.length).toBeGreaterThan(0);
      expect(deployments.length).toBeLessThanOrEqual(3);
      expect(events.length).toBeLessThanOrEqual(5);
      for (const event of events) {
        if ('at' in event) expect(typeOf(event.at)).toBe('Task');
        if ('when' in event && event.when !== 'over') expect(typeOf(event.when.entered)).toBeDefined();
      }
    });
  });

  it('asks only for what a request may ask for', () => {
    check(({ deployments }) => {
      for (const one of deployments) expect(requestSchema.safeParse(requestOf(one)).error).toBeUndefined();
    });
  });

  it('is plain data: it survives being written down', () => {
    check((told) => expect(JSON.parse(JSON.stringify(told))).toEqual(told));
  });

  it('is told with a sentence for each deployment and each event, none of which lacks a word', () => {
    check((told) => {
      const text = tell(told);
      const events = told.deployments.flatMap((one) => one.events);
      expect(text.split('\n')).toHaveLength(told.deployments.length + events.length);
      expect(text).not.toMatch(/undefined|\[object/);
    });
  });

  it('reads like a story', () => {
    const asked = { version: 'v4', strategy: 'CANARY', migrations: 'run', onBusy: 'wait' } as const;
    const told: Story = {
      deployments: [
        {
          ...asked,
          approval: true,
          warm: false,
          wayBack: 'propose',
          events: [
            { kind: 'command', when: { entered: 'CheckMigration' }, verb: 'stop' },
            { kind: 'call', operation: 'rds:CreateDBSnapshot', fails: 'after', times: 3 },
            { kind: 'told', told: 'never' },
            { kind: 'second', when: 'over', deploy: { ...asked, version: 'v2', migrations: 'none' } },
          ],
        },
      ],
    };
    expect(tell(told)).toBe(
      [
        'deploy v4 CANARY, waiting for its turn, with an approval, people propose a late rollback',
        '  when CheckMigration is entered, stop the execution',
        '  rds:CreateDBSnapshot takes effect and fails 3 times',
        '  the event of its bad end comes never',
        '  when it is over, deploy v2 CANARY, without migrations, waiting for its turn',
      ].join('\n'),
    );
  });
});

describe('a story that does not end true', () => {
  /** Worlds in which nobody may move the weights. */
  let plays = 0;
  const play = async (told: Story) => {
    plays++;
    const moves = told.deployments.some(({ events }) =>
      events.some((event) => event.kind === 'meddling' && event.with === 'weights'),
    );
    if (moves) throw new Untrue({ problems: ['weights moved'], ran: ['d: NeedsOperator'] });
    return { problems: [], ran: ['d: RolledBack'] };
  };

  it('is made smaller in at most forty plays, is told first, and is played again by what is printed last', async () => {
    let seed = 1;
    for (; !(await one(seed, undefined, { play })).found.failed; seed++);
    plays = 0;
    const { found } = await one(seed, undefined, { play });
    expect(plays).toBeLessThanOrEqual(41);
    const text = failure(seed, found).split('\n');
    const [told] = found.counterexample ?? [];
    expect(told?.deployments).toHaveLength(1);
    expect(told?.deployments[0]?.events).toEqual([expect.objectContaining({ with: 'weights' })]);
    expect(text.slice(0, 4)).toEqual([
      `seed ${seed}: not true`,
      ...tell(told!).split('\n'),
      'PROBLEM weights moved',
    ]);
    const again = text.at(-1)?.split(' ').slice(-4) ?? [];
    expect(again.slice(0, 3)).toEqual(['--seed', String(seed), '--path']);
    plays = 0;
    const replayed = await one(seed, again[3], { play });
    expect(replayed.found.counterexample).toEqual(found.counterexample);
  });
});

describe('ends true, whatever happens', () => {
  let faultWorld: FaultWorld;
  beforeAll(async () => {
    faultWorld = await openFaultWorld(20);
  });
  afterAll(() => faultWorld?.close());

  const handful = fc.sample(story, { seed: 4, numRuns: 3 });
  const told = [
    ...found.map(({ wrong, story }) => ({ title: wrong, story })),
    ...handful.map((one, index) => ({ title: `story ${index + 1}`, story: one })),
  ];

  it.each(told.map(({ title, story }) => [title, tell(story), story] as const))(
    '%s:\n%s',
    async (title, _text, one) => {
      const { problems } = await new Playing(faultWorld).play(
        one,
        title.replace(/[^a-z0-9]+/gi, '-').slice(0, 40),
      );
      expect(problems).toEqual([]);
      expect(await faultWorld.rest()).toBe(true);
    },
  );
});
