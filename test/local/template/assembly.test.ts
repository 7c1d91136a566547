import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readAssembly } from '../../../local/template';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'greenlight-assembly-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const write = (file: string, content: object) => {
  mkdirSync(join(folder, file, '..'), { recursive: true });
  writeFileSync(join(folder, file), JSON.stringify(content));
};
const stack = (name: string, dependencies: string[] = []) => {
  write(`${name}.json`, { Resources: {} });
  return { type: 'aws:cloudformation:stack', dependencies, properties: { templateFile: `${name}.json` } };
};

test('stacks come after those they depend on', () => {
  write('manifest.json', {
    artifacts: { A: stack('A', ['C', 'assets']), B: stack('B'), C: stack('C', ['B']) },
  });
  expect(readAssembly(folder).map(({ name }) => name)).toEqual(['B', 'C', 'A']);
  expect(readAssembly(folder, ['A']).map(({ name }) => name)).toEqual(['A']);
});

test('the stacks of a stage, which is an assembly within the assembly, are found under their own names', () => {
  const inner = {
    type: 'aws:cloudformation:stack',
    properties: { templateFile: 'X.json', stackName: 'Prod-X' },
  };
  write('stage/manifest.json', { artifacts: { X: inner } });
  write('stage/X.json', { Resources: {} });
  write('manifest.json', {
    artifacts: { Stage: { type: 'cdk:cloud-assembly', properties: { directoryName: 'stage' } } },
  });
  expect(readAssembly(folder).map(({ name }) => name)).toEqual(['Prod-X']);
});

test('an asset is found by the object key under which a template names it', () => {
  const assets = { type: 'cdk:asset-manifest', properties: { file: 'A.assets.json' } };
  write('A.assets.json', {
    files: { h: { source: { path: 'asset.h' }, destinations: { here: { objectKey: 'prefix/h.zip' } } } },
  });
  write('manifest.json', { artifacts: { A: stack('A'), 'A.assets': assets } });
  const [only] = readAssembly(folder);
  expect(only!.assetPath('prefix/h.zip')).toBe(join(folder, 'asset.h'));
  expect(only!.assetPath('other.zip')).toBeUndefined();
});
