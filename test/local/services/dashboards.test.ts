import { Dashboards } from '../../../local/services/cloudwatch/dashboards';

const graph = (properties: object, place: object = {}) => ({
  ...{ type: 'metric', width: 12, height: 6, ...place },
  properties: { region: 'eu-west-1', ...properties },
});
const put = (body: unknown, name = 'releases') => {
  const dashboards = new Dashboards();
  dashboards.put(name, typeof body === 'string' ? body : JSON.stringify(body));
  return dashboards.get(name);
};

it.each<[string, object]>([
  [
    'a metric with dimensions and options',
    graph({ metrics: [['AWS/States', 'Failed', 'Arn', 'a', { stat: 'Sum' }]] }),
  ],
  [
    'one that repeats what the metric before it has',
    graph({
      metrics: [
        ['A', 'B', 'C', 'D'],
        ['...', 'E'],
        ['.', 'B'],
      ],
    }),
  ],
  ['an expression', graph({ metrics: [[{ expression: 'm1 + m2' }]] })],
  ['the alarm of an annotation', graph({ annotations: { alarms: ['arn'] } })],
  ['a text', { type: 'text', properties: { markdown: '# releases' } }],
  ['the states of alarms', { type: 'alarm', properties: { alarms: ['arn'] } }],
])('takes %s', (_, widget) => expect(JSON.parse(put({ widgets: [widget] })).widgets).toEqual([widget]));

it.each<[string, unknown, string]>([
  ['what is no JSON', 'widgets', 'not valid JSON'],
  ['no list of widgets', {}, '/widgets'],
  ['a type that there is not', { widgets: [{ type: 'pie', properties: {} }] }, '/widgets/0/type'],
  ['a graph of nothing', { widgets: [graph({})] }, 'required property metrics'],
  [
    'a dimension without a value',
    { widgets: [graph({ metrics: [['A', 'B', 'C']] })] },
    '/widgets/0/properties/metrics/0',
  ],
  ['a widget beside the grid', { widgets: [graph({ metrics: [['A', 'B']] }, { x: 24 })] }, '/widgets/0/x'],
  ['no region', { widgets: [{ type: 'metric', properties: { metrics: [['A', 'B']] } }] }, 'region'],
])('refuses %s', (_, body, says) =>
  expect(() => put(body)).toThrow(
    expect.objectContaining({ name: 'DashboardInvalidInputError', message: expect.stringContaining(says) }),
  ),
);

it('refuses a name that none may have', () =>
  expect(() => put({ widgets: [] }, 'a b')).toThrow('Invalid name'));
