import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2020';
import { openApiFile } from '../../../bin/openapi';
import { openApi } from '../../../src/domain/api/openapi';
import { operations } from '../../../src/domain/api/operations';

interface Described {
  operationId: string;
  requestBody?: { content: { 'application/json': { schema: object } } };
}
const { paths } = openApi() as { paths: Record<string, Record<string, Described>> };
const described = Object.values(paths).flatMap((path) => Object.values(path));
const bodies = described.flatMap(({ operationId: name, requestBody }) =>
  requestBody ? [{ name, schema: requestBody.content['application/json'].schema }] : [],
);

it('the file is that of the code: npm run openapi -- --write', () => {
  const file = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'openapi.json'), 'utf8');
  expect(file === openApiFile()).toBe(true);
});

it('has every operation by its name, once', () => {
  expect(described.map(({ operationId }) => operationId).sort()).toEqual(Object.keys(operations).sort());
});

it.each(bodies)(
  'the body of $name is a JSON Schema of 2020-12, which a strict validator takes',
  ({ schema }) => {
    const validate = new Ajv({
      strict: true,
      strictTypes: false,
      strictTuples: false,
      formats: { 'date-time': true },
    }).compile(schema);
    expect(validate({ requestedBy: 'root', by: 'root' })).toBe(false);
  },
);

it('a request that the API takes is one that its file describes', () => {
  const { schema } = bodies.find(({ name }) => name === 'start')!;
  const validate = new Ajv({ strict: false, formats: { 'date-time': true } }).compile(schema);
  expect(validate({ service: 'shop', image: 'shop:v2', reason: 'a fix', canaryPercent: 5 })).toBe(true);
  expect(validate({ service: 'shop', image: 'shop:v2', reason: 'a fix', canaryPercent: 500 })).toBe(false);
  expect(validate({ service: 'shop', image: 'shop:v2', reason: 'a fix', notBefore: 'tonight' })).toBe(false);
});
