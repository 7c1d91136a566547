import { validateDefinition } from '../../../local/asl';
import { LAMBDA, machine } from './execute';

const only = (fields: Record<string, unknown>) => machine({ Only: { End: true, ...fields } as never });
const map = (fields: Record<string, unknown>) =>
  only({ Type: 'Map', ItemProcessor: machine({ Item: { Type: 'Pass', End: true } }), ...fields });

describe('validateDefinition', () => {
  it('has nothing to say about a definition that can run', () => {
    const definition = machine({
      Work: {
        Type: 'Task',
        Resource: LAMBDA,
        Parameters: { 'a.$': "States.Format('{}', $.a)" },
        Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Ask', ResultPath: '$.error' }],
        Next: 'Ask',
      },
      Ask: { Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'Work' }], Default: 'End' },
      End: { Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% $states.input %}', End: true },
    });
    expect(validateDefinition(definition)).toEqual([]);
  });

  it.each([
    ['an unknown state type', only({ Type: 'Loop' }), "state 'Only', field 'Type'"],
    ['an unknown field', only({ Type: 'Pass', Reslut: 1 }), "state 'Only', field 'Reslut'"],
    [
      'a field of the other language',
      only({ Type: 'Pass', Output: 1 }),
      'is a JSONata field in a JSONPath state',
    ],
    [
      'a missing target',
      machine({ Only: { Type: 'Pass', Next: 'Gone' } }),
      "the state 'Gone' does not exist",
    ],
    ['no way on', machine({ Only: { Type: 'Pass' } }), "field 'Next': is missing"],
    ['a missing StartAt', { StartAt: 'Gone', States: { Only: { Type: 'Succeed' } } }, "field 'StartAt'"],
    ['ItemReader', map({ ItemReader: {} }), "field 'ItemReader': is not supported"],
    ['ResultWriter', map({ ResultWriter: {} }), "field 'ResultWriter': is not supported"],
    ['batches by bytes', map({ ItemBatcher: { MaxInputBytesPerBatch: 1 } }), 'MaxInputBytesPerBatch'],
    ['Credentials', only({ Type: 'Task', Resource: LAMBDA, Credentials: {} }), "field 'Credentials'"],
    [
      'an activity',
      only({ Type: 'Task', Resource: 'arn:aws:states:eu-west-1:1:activity:a' }),
      'is an activity',
    ],
    ['no ARN', only({ Type: 'Task', Resource: 'work' }), "but is 'work'"],
    [
      'broken JSONata',
      only({ Type: 'Pass', QueryLanguage: 'JSONata', Output: '{% 1 + %}' }),
      'is not valid JSONata',
    ],
    [
      'a result where there is none yet',
      only({ Type: 'Task', Resource: LAMBDA, QueryLanguage: 'JSONata', Arguments: '{% $states.result %}' }),
      "field 'Arguments': $states.result is not accessible here",
    ],
    [
      'the result of a state that has none',
      only({ Type: 'Pass', QueryLanguage: 'JSONata', Output: { a: '{% 1 + $states.result.n %}' } }),
      "field 'Output/a': $states.result is not accessible here",
    ],
    [
      'an error where there is none',
      only({
        Type: 'Task',
        Resource: LAMBDA,
        QueryLanguage: 'JSONata',
        Output: '{% [$states.result, $states.errorOutput] %}',
        Catch: [{ ErrorEquals: ['A'], Next: 'Only', Output: '{% $states.errorOutput %}' }],
      }),
      "field 'Output': $states.errorOutput is not accessible here",
    ],
    [
      'a broken call',
      only({ Type: 'Pass', Parameters: { 'a.$': 'States.Format(' } }),
      "field 'Parameters/a.$'",
    ],
    [
      'an unknown operator',
      only({ Type: 'Choice', Choices: [{ Variable: '$', Is: 1, Next: 'Only' }] }),
      '/Is',
    ],
    [
      'States.ALL among others',
      only({ Type: 'Task', Resource: LAMBDA, Retry: [{ ErrorEquals: ['States.ALL', 'A'] }] }),
      'States.ALL must stand alone',
    ],
    [
      'States.ALL before others',
      only({
        Type: 'Task',
        Resource: LAMBDA,
        Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['A'] }],
      }),
      'States.ALL must come last',
    ],
    [
      'a heartbeat as long as the time-out',
      only({ Type: 'Task', Resource: LAMBDA, TimeoutSeconds: 5, HeartbeatSeconds: 5 }),
      'must be smaller than TimeoutSeconds',
    ],
    ['two names for two times', only({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s' }), "field 'Seconds'"],
    [
      'a name used twice',
      machine({ Fan: { Type: 'Parallel', Branches: [machine({ Fan: { Type: 'Succeed' } })], End: true } }),
      'another state has the same name',
    ],
    ['something else than an object', [], 'must be a JSON object'],
    ['no states', { StartAt: 'A' }, "field 'States'"],
  ])('names %s', (_title, definition, expected) => {
    expect(validateDefinition(definition).join('\n')).toContain(expected);
  });

  it.each([
    { States: { A: null } },
    { States: { A: { Type: 'Parallel', Branches: [null] } } },
    { States: { A: { Type: 'Choice', Choices: 'x' } } },
    { States: { A: { Type: 'Task', Catch: {}, Retry: [1] } } },
  ])('reports %j without failing itself', (definition) => {
    expect(validateDefinition({ StartAt: 'A', ...definition })).not.toEqual([]);
  });

  const assign = (name: string) => ({ Type: 'Pass', Assign: { [name]: '$.v' }, End: true }) as never;
  const inside = { Parallel: 'Branches', Map: 'ItemProcessor' } as const;
  const around = (type: 'Parallel' | 'Map', inner: unknown) => ({
    Type: type,
    [inside[type]]: type === 'Map' ? inner : [inner],
  });
  const choose = {
    Type: 'Choice',
    Default: 'End',
    Choices: [{ Variable: '$.a', IsNull: true, Next: 'End' }],
  };
  const task = { Type: 'Task', Resource: LAMBDA, End: true };
  const caught = { ErrorEquals: ['States.ALL'], Next: 'End' };

  it.each([
    ['a state', { In: assign('x') }, 'Assign/x'],
    ['a path', { In: assign('x.$') }, 'Assign/x'],
    [
      'a rule',
      { In: { ...choose, Choices: [{ ...choose.Choices[0], Assign: { x: 1 } }] }, End: assign('y') },
      'Choices[0]/Assign/x',
    ],
    [
      'a catcher',
      { In: { ...task, Catch: [{ ...caught, Assign: { x: 1 } }] }, End: assign('y') },
      'Catch[0]/Assign/x',
    ],
    [
      'a scope further in',
      { Fan: { ...around('Map', machine({ In: assign('x') })), End: true } },
      'Assign/x',
    ],
  ])('refuses a variable of an outer scope that %s in a branch assigns', (_title, states, field) => {
    for (const type of ['Parallel', 'Map'] as const) {
      const definition = machine({
        Branch: { ...around(type, machine(states as never)), Next: 'Later' } as never,
        Later: assign('x'),
      });
      expect(validateDefinition(definition)).toEqual([
        `state 'In', field '${field}': the variable 'x' is assigned in an outer scope and cannot be assigned in this one`,
      ]);
    }
  });

  it('lets branches side by side use one name, and the states of the outer scope assign theirs after an error', () => {
    const branch = (name: string) => machine({ [name]: assign('x') });
    const fan = { Type: 'Parallel', Branches: [branch('A'), branch('B')], Assign: { y: 1 }, End: true };
    const definition = machine({
      Fan: { ...fan, Catch: [{ ...caught, Assign: { y: 2 } }] } as never,
      End: assign('y'),
    });
    expect(validateDefinition(definition)).toEqual([]);
  });

  it.each(['states', '1st', 'a.b', 'a[0]', 'x'.repeat(81), ''])('refuses a variable named %j', (name) => {
    const [problem] = validateDefinition(machine({ Only: assign(name) }));
    expect(problem).toContain(`state 'Only', field 'Assign/${name}'`);
  });
});
