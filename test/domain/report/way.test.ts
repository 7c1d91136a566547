import { type HistoryEvent, wayOf } from '../../../src/domain/report/way';

/** `+A` A is entered, `-A` it is left, anything else happens in between. */
const history = (text: string): HistoryEvent[] =>
  text.split(' ').map((word, index) => ({
    id: index + 1,
    type: word.startsWith('+') ? 'TaskStateEntered' : word.startsWith('-') ? 'TaskStateExited' : word,
    state: /^[+-]/.test(word) ? word.slice(1) : undefined,
  }));
const looks = (text: string, running = false) =>
  Object.fromEntries(
    [...wayOf(history(text), running).visits].map(([state, { look, times }]) => [
      state,
      times > 1 ? `${look} ${times}` : look,
    ]),
  );

it.each([
  ['a state that is left is done', '+A LambdaFunctionSucceeded -A', false, { A: 'done' }],
  ['one that is entered again is counted', '+A -A +B -B +A -A', false, { A: 'done 2', B: 'done' }],
  [
    'a try that failed before one that did not is nothing',
    '+A TaskFailed TaskSucceeded -A',
    false,
    { A: 'done' },
  ],
  [
    'one that is left by an error is caught',
    '+A LambdaFunctionFailed -A +B -B',
    false,
    { A: 'caught', B: 'done' },
  ],
  ['one that is left in time is not', '+A LambdaFunctionTimedOut -A', false, { A: 'caught' }],
  [
    'what was begun and not ended is at work',
    '+P ParallelStateStarted +A',
    true,
    { P: 'running', A: 'running' },
  ],
  [
    'and is where an execution ended that is over',
    '+P +A ExecutionAborted',
    false,
    { P: 'failed', A: 'failed' },
  ],
  [
    'what stood in a phase that is left by an error is where the phase ended',
    '+P ParallelStateStarted +A -A +B TaskFailed ParallelStateFailed -P +C',
    true,
    { P: 'caught', A: 'done', B: 'failed', C: 'running' },
  ],
])('%s', (_, events, running, seen) => expect(looks(events, running)).toEqual(seen));

it('knows which state followed which, beside a phase and in it', () => {
  const { followed } = wayOf(
    history('+A -A +P ParallelStateStarted +B -B +C -C ParallelStateSucceeded -P +D -D'),
    false,
  );
  const names = ['A', 'P', 'B', 'C', 'D'];
  expect(names.flatMap((from) => names.filter((to) => followed(from, to)).map((to) => from + to))).toEqual([
    'AP',
    'PD',
    'BC',
  ]);
});
