import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { background, phases } from '../../lambdas';
import { hashOf } from '../../lib/functions';
import { bundles } from '../../lib/functions/bundles';

const folder = bundles();
const names = readdirSync(folder);
const authorities = (): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, 'InspectDatabase', 'authorities.json'), 'utf8'));
const script = (name: string) => readFileSync(join(folder, name, 'index.js'), 'utf8');

test('every step, function beside the graph and handler of a construct is bundled', () => {
  const steps = Object.values(phases).flatMap((phase) => phase.map(({ name }) => name));
  const constructs = ['HoldRule', 'HoldSlot', 'MaintenancePage', 'ShopCheck'];
  const own = [...steps, ...background.map(({ name }) => name), ...constructs];
  expect([...names].sort()).toEqual([...own].sort());
});

test('every bundle can be loaded by itself and has a handler', () => {
  const program = `for (const name of ${JSON.stringify(names)}) {
    const { handler } = require(${JSON.stringify(folder)} + '/' + name);
    if (typeof handler !== 'function') console.log(name);
  }
  process.exit(0)`;
  // from a folder without packages: what a bundle lacks is not found by luck
  expect(execFileSync(process.execPath, ['-e', program], { cwd: '/', encoding: 'utf8' })).toBe('');
});

// each is a word that only the part that is left out has
test.each([
  ['looks for credentials outside its environment', 'sso_start_url'],
  ['has the streams of events that none reads', 'eventStreamCodec.decode'],
  ['has the schema of an operation that none calls', 'DeleteBucketCors'],
  ['writes every error of a service out', 'this.ThrottlingReasons'],
  ['has the errors of a service that no part names', 'StorageQuotaExceeded'],
  ['has a digest beside that of Node.js', '2756734187'],
  ['reads the files of the AWS command line', 'AWS_SHARED_CREDENTIALS_FILE'],
  ['measures how often it is throttled', 'measuredTxRate'],
  ['asks an instance for its region', 'AWS_DEFAULTS_MODE'],
  ['advises against an old Node.js', 'NodeVersionSupportWarning'],
  ['looks for a signer of all regions', 'signature-v4-crt'],
  ['reads a file of passwords', '.pgpass'],
  ['takes a connection apart that is one text', 'uselibpqcompat'],
  ['knows what people call a region', 'Cape Town'],
  ['keeps the endpoints that a service told it', 'endpointCacheSize'],
  ['makes a web response to find out where it runs', 'Cloudflare-Workers'],
  ['has the certificates of all regions in its script', 'BEGIN CERTIFICATE'],
])('no function %s', (_what, word) => {
  expect(names.filter((name) => script(name).includes(word))).toEqual([]);
});

test('a function makes no schema of a variable that it is not given', () => {
  expect(script('ObserveGreen')).toContain('firstAt');
  expect(script('ReturnTraffic')).not.toContain('firstAt');
});

test('the errors of a bundled client are those of its package', () => {
  const program = `import { createRequire } from 'node:module';
    import { build } from 'esbuild';
    import { leaner } from './lib/functions/leaner.mjs';
    const require = createRequire(import.meta.url);
    let errors = 0;
    for (const client of ['rds', 'dynamodb', 'ssm', 's3', 'elastic-load-balancing-v2']) {
      const { outputFiles } = await build({ stdin: { contents: \`export * from '@aws-sdk/client-\${client}'\`, resolveDir: '.' },
        bundle: true, write: false, minify: true, format: 'cjs', platform: 'node', mainFields: ['module', 'main'],
        plugins: [leaner(process.cwd())] });
      const module = { exports: {} };
      new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require);
      const bundled = module.exports;
      for (const [name, Known] of Object.entries(require('@aws-sdk/client-' + client))) {
        if (!(Known.prototype instanceof Error)) continue;
        errors++;
        const options = { message: 'why', $metadata: { httpStatusCode: 400 } };
        const told = (error) => JSON.stringify([error.name, error.message, error.$fault, error.$retryable, error.$metadata]);
        const error = new bundled[name](options);
        if (!(error instanceof bundled[name])) console.log(name, 'is not one of its class');
        if (told(error) !== told(new Known(options))) console.log(name, told(error), told(new Known(options)));
      }
    }
    console.log(errors > 300);
    process.exit();`;
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(told).toBe('true\n');
});

test('an error of a service that no part names keeps its message and the name that was sent', () => {
  const program = `import { createServer } from 'node:http';
    import { createRequire } from 'node:module';
    import { build } from 'esbuild';
    import { leaner } from './lib/functions/leaner.mjs';
    const require = createRequire(import.meta.url);
    const answers = {
      RDSClient: ['text/xml', '<ErrorResponse xmlns="http://rds.amazonaws.com/doc/2014-10-31/"><Error><Type>Sender</Type>' +
        '<Code>StorageQuotaExceeded</Code><Message>why</Message></Error><RequestId>1</RequestId></ErrorResponse>'],
      SSMClient: ['application/x-amz-json-1.1', '{"__type":"DocumentLimitExceeded","message":"why"}'],
    };
    for (const [name, call, client, input] of [
      ['RDSClient', 'DescribeDBInstancesCommand', 'rds', {}],
      ['SSMClient', 'GetParameterCommand', 'ssm', { Name: '/one' }],
    ]) {
      const { outputFiles } = await build({ stdin: { contents: \`export { \${name}, \${call} } from '@aws-sdk/client-\${client}'\`,
        resolveDir: '.' }, bundle: true, write: false, format: 'cjs', platform: 'node', mainFields: ['module', 'main'],
        plugins: [leaner(process.cwd())] });
      const module = { exports: {} };
      new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, require);
      const [type, body] = answers[name];
      const server = createServer((_, answer) => answer.writeHead(400, { 'content-type': type }).end(body));
      await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
      const service = new module.exports[name]({ endpoint: 'http://127.0.0.1:' + server.address().port, region: 'eu-west-1',
        credentials: { accessKeyId: 'none', secretAccessKey: 'none' } });
      const error = await service.send(new module.exports[call](input)).catch((thrown) => thrown);
      console.log(error.name, error.message, error.$fault, error.$metadata.httpStatusCode);
      server.close();
    }
    process.exit();`;
  const told = execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  expect(told.split('\n')).toEqual([
    'StorageQuotaExceeded why client 400',
    'DocumentLimitExceeded why client 400',
    '',
  ]);
});

test('a function has no client of a service that its ports do not use', () => {
  const target = {
    DynamoDB: 'DynamoDB_20120810',
    ECS: 'AmazonEC2ContainerServiceV20141113',
    Events: 'AWSEvents',
    States: 'AWSStepFunctions',
  };
  const has = (name: string, service: keyof typeof target) => script(name).includes(target[service]);
  expect(has('ReturnTraffic', 'DynamoDB')).toBe(true);
  expect(has('ReturnTraffic', 'Events')).toBe(true);
  expect(has('ReturnTraffic', 'States')).toBe(false);
  expect(has('Reconcile', 'States')).toBe(true);
  expect(has('CheckGreen', 'ECS')).toBe(true);
  expect(has('CheckGreen', 'Events')).toBe(false);
});

test('the hash of a folder is that of its files, whenever they were written', () => {
  const other = mkdtempSync(join(tmpdir(), 'greenlight-hash-'));
  const hashWith = (files: Record<string, string>) => {
    for (const file of readdirSync(other)) rmSync(join(other, file));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(other, file), content);
    return hashOf(other);
  };
  const different: Record<string, string>[] = [
    { 'index.js': 'one', 'other.js': 'two' },
    { 'index.js': 'one', 'other.js': 'tw0' },
    { 'index.js': 'one', 'another.js': 'two' },
    { 'index.js': 'one' },
  ];
  const hashes = different.map(hashWith);
  expect(new Set(hashes).size).toBe(4);
  expect(hashWith({ 'other.js': 'two', 'index.js': 'one' })).toBe(hashes[0]);
  rmSync(other, { recursive: true });
});

test('a function that reads the database has the authorities of each region beside it, and no other has', () => {
  const speaks = names.filter((name) => script(name).includes('SASLInitialResponse'));
  const has = names.filter((name) => existsSync(join(folder, name, 'authorities.json')));
  expect(has).toEqual(speaks);
  expect(has).toContain('InspectDatabase');
  expect(Object.keys(authorities())).toEqual(
    expect.arrayContaining(['eu-west-1', 'us-east-1', 'ap-southeast-4']),
  );
});

test('the authorities of a region are those that are still valid, of that region or of no particular one', () => {
  const certificates = authorities()
    ['eu-west-1']!.split(/(?<=-----END CERTIFICATE-----)\n/)
    .filter((pem) => pem.trim() !== '')
    .map((pem) => new X509Certificate(pem));
  const subjects = certificates.map(({ subject }) => /CN=(.*)/.exec(subject)![1]!);
  expect(certificates.filter(({ validTo }) => new Date(validTo) < new Date())).toEqual([]);
  expect(subjects).toEqual(
    expect.arrayContaining([
      'Amazon RDS eu-west-1 Root CA RSA2048 G1',
      'Amazon RDS eu-west-1 Root CA RSA4096 G1',
      'Amazon RDS eu-west-1 Root CA ECC384 G1',
      'Amazon Root CA 1',
    ]),
  );
  expect(subjects.filter((name) => /[a-z]{2}-[a-z]+-\d/.test(name) && !name.includes('eu-west-1'))).toEqual(
    [],
  );
});
