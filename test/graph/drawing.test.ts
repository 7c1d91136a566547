import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { definition, states } from '../../statemachines';
import graph from '../../statemachines/deployment.asl.json';
import { type Box, type Layout, layoutOf, widestPhase } from '../../statemachines/drawing/layout';
import { drawingsOf } from '../../statemachines/drawing/page';

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
