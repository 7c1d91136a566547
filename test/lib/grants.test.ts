import { statementsOf } from '../../lib/grants';
import type { Grant, Port, Scope } from '../../src/domain/step/port';

const port = (...grants: Grant[]): Port<object> => ({ grants, open: () => ({}) });
const scope = { tasks: ['arn:task'], pureWorkers: [], rules: ['arn:rule'] } as unknown as Scope;
const list: Grant = { sid: 'ListTasks', actions: ['ecs:ListTasks'], on: '*' };
const sids = (scope: Scope, ...grants: Grant[]) =>
  statementsOf({ port: port(...grants) }, scope).map(({ statement }) => statement.sid);

it('allows nothing that no service of the workflow needs', () => {
  expect(
    sids(scope, { ...list, where: 'pureWorkers' }, { ...list, sid: 'Others', on: ['pureWorkers'] }),
  ).toEqual([]);
  expect(sids({ ...scope, pureWorkers: ['arn:packer'] }, { ...list, where: 'pureWorkers' })).toEqual([
    'ListTasks',
  ]);
});

it('allows what another port needs as well, also where the first has no use for it', () => {
  expect(sids(scope, { ...list, where: 'pureWorkers' }, list)).toEqual(['ListTasks']);
});
