import { policyOf, settingsIn } from '../../../src/domain/settings/environments';
import { hasSeeds, type Seeds } from '../../../src/domain/settings/seeds-schema';
import type { SettingsInput } from '../../../src/domain/settings/settings';
import { readSettings, toStore } from '../../../src/domain/settings/stored';
import { exampleSettings } from '../../input/parser';

const shop = exampleSettings();
const seeds: Seeds = {
  ...{ command: ['npm', 'run', 'seed'], revertCommand: [], onChange: 'warn', compareBytes: 100_000_000 },
};

it.each<[string, Partial<Seeds>, boolean]>([
  ['everywhere', {}, true],
  ['in this environment', { environments: [shop.environment, 'other'] }, true],
  ['in others', { environments: ['other'] }, false],
  ['nowhere, as there is no command', { command: [] }, false],
])('brings reference data %s', (_, given, brings) => {
  expect(hasSeeds({ environment: shop.environment, seeds: { ...seeds, ...given } })).toBe(brings);
});

it('has none unless a service says so, and each environment may say more of them', () => {
  const configuration = { environments: { staging: { seeds: { onChange: 'stop' as const } } } };
  expect(policyOf('staging', configuration).seeds).toMatchObject({ command: [], onChange: 'stop' });
  const { seeds: merged } = settingsIn({ ...shop, environment: 'staging', seeds }, configuration);
  expect(merged).toEqual({ ...seeds, onChange: 'stop' });
});

it.each<[string, SettingsInput['seeds'], string]>([
  ['nothing to take back', { revertCommand: ['x'] }, 'settings.seeds.command: expected what brings the data'],
  ['no environment', { ...seeds, environments: [] }, 'settings.seeds.environments: '],
])('seeds with %s are refused with one line', (_, given, problem) => {
  expect(readSettings(JSON.stringify(toStore({ ...shop, seeds: given })), 'settings')).toEqual({
    problems: [expect.stringContaining(problem)],
  });
});
