import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Event } from '../../lib/held/custom-resource';
import type { Service } from '../../local/service';
import { endpointWith } from '../local/endpoint/fixture';

export interface Answer {
  Status: string;
  Reason?: string;
  PhysicalResourceId: string;
}

type Handler = (event: never, context: never) => Promise<unknown>;

/** CloudFormation, as a custom resource's function sees it: an event, and a URL that takes one answer. */
export async function cloudFormation(
  logicalId: string,
  handlers: Record<string, Service['operations']>,
  load: () => Promise<{ handler: Handler }>,
) {
  const answers: Answer[] = [];
  const stack = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    answers.push(JSON.parse(body));
    response.end();
  }).listen(0, '127.0.0.1');
  await once(stack, 'listening');
  const { endpoint } = await endpointWith(handlers);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: endpoint.url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  });
  const context = {
    ...{ awsRequestId: 'r', functionName: logicalId, functionVersion: '1', memoryLimitInMB: '128' },
    invokedFunctionArn: `arn:aws:lambda:eu-west-1:000000000000:function:${logicalId}`,
  };
  return {
    async ask(
      RequestType: Event<never>['RequestType'],
      {
        id,
        now,
        before,
      }: {
        /** What the resource was called when it was made. */
        id?: string;
        now: object;
        before?: object;
      },
    ): Promise<Answer> {
      // a client of its own for each endpoint
      jest.resetModules();
      const { handler } = await load();
      const event = {
        ...{ RequestType, StackId: 'stack', RequestId: 'request-1', LogicalResourceId: logicalId },
        ResponseURL: `http://127.0.0.1:${(stack.address() as AddressInfo).port}/`,
        PhysicalResourceId: id,
        ResourceProperties: now,
        OldResourceProperties: before,
      };
      await handler(event as never, context as never);
      return answers.at(-1)!;
    },
    close: () => stack.close(),
  };
}
