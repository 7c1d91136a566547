import { createDynamodb } from '../../local/services/dynamodb';
import type { Environment } from '../../src/domain/step/port';
import { endpointWith } from '../local/endpoint/fixture';

/** The journal's tables of a suite, in a DynamoDB of its own to which the AWS SDK is led by the environment. */
export function suiteTables() {
  const service = createDynamodb();
  const before = { ...process.env };
  afterEach(() => {
    process.env = { ...before };
  });
  afterAll(() => service.close!());
  return {
    /** Leads the SDK to DynamoDB, and to the other services that are given, until the test is over. */
    async lead(others: Parameters<typeof endpointWith>[0] = {}): Promise<void> {
      const { endpoint } = await endpointWith({ dynamodb: service.operations, ...others });
      Object.assign(process.env, {
        AWS_ENDPOINT_URL: endpoint.url,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      });
    },
    /** A new table, as ports are told of it. */
    async make(table: string): Promise<Environment> {
      await service.resources!['AWS::DynamoDB::Table']!(
        {
          TableName: table,
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
          AttributeDefinitions: [
            { AttributeName: 'pk', AttributeType: 'S' },
            { AttributeName: 'sk', AttributeType: 'S' },
          ],
          BillingMode: 'PAY_PER_REQUEST',
        },
        { logicalId: table, name: table, metadata: {} },
      );
      return {
        table,
        topic: '',
        settingsPrefix: '',
        answers: '',
        phase: '',
        reports: '',
        stateMachine: '',
        redact: [],
      };
    },
  };
}
