import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Definition, definition, states } from '../../statemachines';
import graph from '../../statemachines/deployment.asl.json';
import { type Box, type Layout, layoutOf, widestPhase } from '../../statemachines/drawing/layout';
import { mermaidOf } from '../../statemachines/drawing/mermaid';
import { drawingsOf } from '../../statemachines/drawing/page';
import { svgOf } from '../../statemachines/drawing/svg';
import { type Mark, type Trail, taken } from '../../statemachines/drawing/trail';

const root = join(__dirname, '..', '..');

it.each(Object.entries(drawingsOf(definition)))(
  'shows the graph as it is in docs/%s; npm run graph -- --write puts it there',
  (file, drawn) => {
    expect(readFileSync(join(root, 'docs', file), 'utf8')).toBe(drawn);
  },
);

it('is read on one screen with its phases closed, and by scrolling one column with its phases open', () => {
  const [open, closed] = [layoutOf(definition, true), layoutOf(definition, false)];
  expect(closed.width).toBeLessThanOrEqual(1200);
  expect(closed.height).toBeLessThanOrEqual(830);
  expect(open.width).toBeLessThanOrEqual(2600);
  expect(widestPhase(open)).toBeLessThanOrEqual(1250);
});

it('is written by hand in at most 1,700 lines', () => {
  const text = readFileSync(join(root, 'statemachines', 'deployment.asl.json'), 'utf8');
  expect(JSON.parse(text)).toEqual(graph);
  expect(text.split('\n').length).toBeLessThanOrEqual(1700);
});

const all = ({ boxes }: Layout): Box[] =>
  boxes.flatMap((box) => [box, ...(box.inside ? all(box.inside) : [])]);

it('draws every state once, none over another, and every way between two of them', () => {
  const open = layoutOf(definition, true);
  expect(
    all(open)
      .map(({ name }) => name)
      .sort(),
  ).toEqual(states.map(({ name }) => name).sort());
  const floors = [open, ...open.boxes.flatMap(({ inside }) => inside ?? [])];
  for (const { boxes } of floors)
    for (const one of boxes)
      for (const other of boxes)
        if (one !== other)
          expect([
            one.name,
            other.name,
            Math.abs(one.x - other.x) < (one.width + other.width) / 2 &&
              Math.abs(one.y - other.y) < (one.height + other.height) / 2,
          ]).toEqual([one.name, other.name, false]);
  const lines = floors.flatMap(({ lines }) => lines.map(({ from, to }) => `${from} ${to}`));
  for (const { name, state } of states)
    for (const to of [
      state.Next,
      state.Default,
      ...(state.Choices ?? []).map(({ Next }) => Next),
      ...(state.Catch ?? []).map(({ Next }) => Next),
    ])
      if (to !== undefined) expect(lines).toContain(`${name} ${to}`);
});

/** Prepare was left by an error after its first state, and Reject is at work. */
const trail: Trail = {
  visits: new Map<string, Mark>([
    ['Prepare', { look: 'caught', times: 1 }],
    ['First', { look: 'done', times: 3 }],
    ['Reject', { look: 'running', times: 1 }],
  ]),
  followed: (from, to) => `${from} ${to}` === 'Prepare Reject',
};
const machine: Pick<Definition, 'StartAt' | 'States'> = {
  StartAt: 'Prepare',
  States: {
    Prepare: {
      Type: 'Parallel',
      Branches: [
        {
          StartAt: 'First',
          States: { First: { Type: 'Task', Next: 'end' }, end: { Type: 'Choice', Choices: [] } },
        },
      ],
      Next: 'Release',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Reject' }],
    },
    Release: { Type: 'Task', End: true },
    Reject: { Type: 'Task', End: true },
  },
};

it('writes a machine as a flowchart of Mermaid, with the way of an execution through it', () =>
  expect(mermaidOf(machine, true, trail).split('\n')).toEqual([
    'flowchart TB',
    '  subgraph s0["Prepare ⚠"]',
    '    s1["First ✓ ×3"]',
    '    s2{"end"}',
    '    s1 --> s2',
    '  end',
    '  s3["Release"]',
    '  s4["Reject …"]',
    '  s0 --> s3',
    '  s0 -.-> s4',
    expect.stringContaining('classDef done'),
    expect.stringContaining('classDef caught'),
    expect.stringContaining('classDef running'),
    expect.stringContaining('classDef failed'),
    '  class s0 caught',
    '  class s1 done',
    '  class s4 running',
    '',
  ]));

it('draws nothing but what an execution went through, where that is asked for', () => {
  const { boxes, lines } = layoutOf(taken(machine, trail), true, trail);
  expect(boxes.map(({ name }) => name)).toEqual(['Prepare', 'Reject']);
  expect(boxes[0]?.inside?.boxes.map(({ name }) => name)).toEqual(['First']);
  expect(lines.map(({ from, to, caught }) => [from, to, caught])).toEqual([['Prepare', 'Reject', true]]);
});

it('says of each state in words and in colour how it ended, and leaves those pale that were not entered', () => {
  const picture = svgOf('A deployment', layoutOf(machine, true, trail), trail);
  expect(picture).toContain('>First ✓ ×3</text>');
  expect(picture).toMatch(/<rect class="task running"[^>]*\/><text[^>]*>Reject …</);
  expect(picture).toMatch(/<rect class="task idle"[^>]*\/><text[^>]*>Release</);
  expect(picture.match(/class="\w+ taken"/g)).toHaveLength(1);
});
