import { type StateMachineDefinition, tasksAfter } from '../../../local/asl';

const task = (resource: string, more: object) => ({ Type: 'Task' as const, Resource: resource, ...more });

const definition: StateMachineDefinition = {
  StartAt: 'First',
  States: {
    First: task('first', { Next: 'Pause', Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Sorry' }] }),
    Pause: { Type: 'Wait', Seconds: 1, Next: 'Well?' },
    'Well?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% true %}', Next: 'Pause' },
        { Condition: '{% true %}', Next: 'Both' },
      ],
      Default: 'Last',
    },
    Both: {
      Type: 'Parallel',
      Branches: [
        { StartAt: 'Left', States: { Left: task('left', { End: true }) } },
        {
          StartAt: 'Note',
          States: { Note: { Type: 'Pass', Next: 'Right' }, Right: task('right', { End: true }) },
        },
      ],
      Next: 'Last',
    },
    Last: task('last', { End: true }),
    Sorry: task('sorry', { End: true }),
  },
};
const after = (state: string) => tasksAfter(definition, state).map(({ Resource }) => Resource);

test('the tasks that may come next lie behind choices, waits and passes, in branches as well; never behind an error', () => {
  expect(after('First').sort()).toEqual(['last', 'left', 'right']);
});

test('behind the end of a branch comes what follows the branches', () => {
  expect(after('Left')).toEqual(['last']);
});

test('nothing follows the end of the machine, or a state that is not there', () => {
  expect([after('Last'), after('Nowhere')]).toEqual([[], []]);
});
