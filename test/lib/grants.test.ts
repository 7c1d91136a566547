import { App, Stack } from 'aws-cdk-lib';
import { Alias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { statementsOf } from '../../lib/rights/grants';
import { keysOf } from '../../lib/rights/reach';
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

it('a key that is known by an alias alone is refused', () => {
  const stack = new Stack(new App(), 'Shop', { env: { account: '123456789012', region: 'eu-west-1' } });
  const service = (storageKey: IKey) =>
    ({ settings: { service: 'shop' }, parts: { secrets: [], manifests: {}, storageKey } }) as never;
  expect(() => keysOf([service(Alias.fromAliasName(stack, 'Alias', 'alias/shop'))])).toThrow(
    /^shop has a key that is known by its alias, .*: expected one by its own ARN/,
  );
  const arn = 'arn:aws:kms:eu-west-1:123456789012:key/1';
  expect(keysOf([service(Key.fromKeyArn(stack, 'Key', arn))]).databases).toEqual([arn]);
});
