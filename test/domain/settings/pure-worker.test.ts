import type { SettingsInput } from '../../../src/domain/settings/settings';
import { serviceIn, slotBeside, slotsIn } from '../../../src/domain/settings/slots';
import { readSettings, toStore } from '../../../src/domain/settings/stored';
import { exampleSettings } from '../../input/parser';

const shop = exampleSettings();
const worker: SettingsInput = {
  ...shop,
  service: 'packer',
  slots: { a: { service: 'packer' } },
  traffic: null,
  maintenance: null,
  smokeTests: [],
};
const read = (settings: SettingsInput) => readSettings(JSON.stringify(toStore(settings)), 'settings');
const metric = (dimensions: object) => ({
  alarms: [],
  metrics: [
    { namespace: 'N', metric: 'M', statistic: 'Sum', periodSeconds: 60, limit: { above: 1 }, dimensions },
  ],
});

it('a pure worker has one slot, and its own metrics one series', () => {
  const evidence = metric({ a: { Service: 'packer' } }) as SettingsInput['evidence'];
  const known = read({ ...worker, evidence });
  expect(known).toMatchObject({ settings: { traffic: null } });
  const { settings } = known as Extract<typeof known, { settings: unknown }>;
  expect(slotsIn(settings)).toEqual(['a']);
  expect(slotBeside(settings, 'a')).toBeUndefined();
  expect(serviceIn(settings, 'a')).toBe('packer');
  expect(() => serviceIn(settings, 'b')).toThrow('the service has no slot b');
  expect(slotBeside(shop, 'a')).toBe('b');
});

it.each<[string, SettingsInput, string]>([
  ['a second slot', { ...worker, slots: { ...worker.slots, b: { service: 'b' } } }, 'settings.slots.b: '],
  ['a target group', { ...worker, slots: { a: shop.slots.a } }, 'settings.slots.a.targetGroup: '],
  ['a maintenance page', { ...worker, maintenance: shop.maintenance }, 'settings.maintenance: expected null'],
  [
    'a test that is a request',
    { ...worker, smokeTests: [{ path: '/', status: 200 }] },
    'settings.smokeTests.0: expected a function or a task',
  ],
])('a pure worker with %s is refused with one line', (_, settings, problem) => {
  expect(read(settings)).toEqual({ problems: [expect.stringContaining(problem)] });
});

const beside = (...services: string[]): SettingsInput['workers'] =>
  services.map((service) => ({ kind: 'service', service, container: 'shop' }));
it.each<[string, SettingsInput, string]>([
  [
    'twice',
    { ...shop, workers: beside('packing', 'packing') },
    'settings.workers.1: expected each worker once, received packing again',
  ],
  [
    'that is a slot',
    { ...shop, workers: beside(shop.slots.a.service) },
    `settings.workers.0: expected what works beside the slots, received ${shop.slots.a.service}, which is one of them`,
  ],
  [
    'that is the only slot',
    { ...worker, workers: beside('packer') },
    'settings.workers.0: expected what works',
  ],
])('a worker beside the slots %s is refused with one line', (_, settings, problem) => {
  expect(read(settings)).toEqual({ problems: [expect.stringContaining(problem)] });
});

it.each<[string, SettingsInput, string]>([
  ['a second slot', { ...shop, slots: { a: shop.slots.a } }, 'settings.slots.b: '],
  [
    'a target group of a slot',
    { ...shop, slots: { ...shop.slots, a: { ...shop.slots.a, targetGroup: undefined } } },
    'settings.slots.a.targetGroup: ',
  ],
  [
    'the series of a slot',
    { ...shop, evidence: metric({ a: { Slot: 'a' } }) as SettingsInput['evidence'] },
    'settings.evidence.metrics.0.dimensions.b: ',
  ],
])('a service behind a load balancer without %s is refused with one line', (_, settings, problem) => {
  expect(read(settings)).toEqual({ problems: [expect.stringContaining(problem)] });
});
