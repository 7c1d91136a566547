import { createSsm } from '../../local/services/ssm';
import { findWorkflow } from '../../src/aws/workflow';
import { endpointWith } from '../local/endpoint/fixture';
import { manualClock } from '../local/manual-clock';

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

async function account() {
  const ssm = createSsm({ clock: manualClock() });
  const { endpoint } = await endpointWith({ ssm: ssm.operations });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  });
  return ssm;
}

it('finds what belongs to a stack by the parameter that its workflow wrote', async () => {
  const workflow = {
    table: 'journal',
    stateMachine: 'arn:aws:states:eu-west-1:000000000000:stateMachine:D',
    topic: 't',
    alarms: ['Shop-NeedsOperator'],
  };
  const ssm = await account();
  ssm.operations.PutParameter!(
    { Name: '/greenlight/Shop', Value: JSON.stringify(workflow), Type: 'String' },
    { accessKeyId: 'test' },
  );
  expect(await findWorkflow('Shop')).toEqual({
    ...workflow,
    settingsPrefix: '/greenlight/Shop',
    answers: '',
    reports: '',
    redact: [],
    phase: '',
  });
});

it('finds one that an earlier construct has made, which had no alarms', async () => {
  const ssm = await account();
  const Value = JSON.stringify({ table: 'journal', stateMachine: 'arn', topic: 't' });
  ssm.operations.PutParameter!({ Name: '/greenlight/Old', Value, Type: 'String' }, { accessKeyId: 'test' });
  expect(await findWorkflow('Old')).toMatchObject({ topic: 't', alarms: [] });
});

it('names the parameter that is not there, and the region it was looked for in', async () => {
  await account();
  await expect(findWorkflow('Wiki')).rejects.toThrow(
    'there is no parameter /greenlight/Wiki in eu-west-1; name the CloudFormation stack',
  );
});

it('asks for a region where none is set', async () => {
  await account();
  Object.assign(process.env, { AWS_CONFIG_FILE: '/nowhere', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' });
  delete process.env.AWS_REGION;
  delete process.env.AWS_PROFILE;
  await expect(findWorkflow('Shop')).rejects.toThrow('no region is set; set AWS_REGION');
});
