import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../clock';
import { readFunctionBody } from '../../function-http';
import { principal } from '../../iam/denial';
import { ACCOUNT, arn } from '../../names';
import type { Caller, Functions } from '../../service';
import { urlAnswer } from '../lambda/url-answer';
import { urlEvent } from '../lambda/url-event';
import { type Match, matching, type Route } from './routes';

/** Source: Amazon API Gateway Developer Guide, "Quotas for configuring and running an HTTP API". */
const BODY_LIMIT = 10 * 1024 * 1024;

export interface ApiDependencies {
  clock: Clock;
  functions: Functions;
  callerOf(accessKeyId: string): Caller;
  /** Throws where no policy of the caller allows to call this of an API. */
  mayCall(caller: Caller, resource: string): void;
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

/** The access key id of a request that is signed for API Gateway. Source: AWS IAM User Guide, "Elements of an AWS API request signature". */
const signedBy = ({ headers }: IncomingMessage) =>
  /^AWS4-HMAC-SHA256 Credential=([^/\s]+)\/\d+\/[^/]+\/execute-api\/aws4_request,/.exec(
    headers.authorization ?? '',
  )?.[1];

/** An HTTP API with its one stage, `$default`, here HTTP on a free loopback port. */
export class Api {
  readonly routes = new Map<string, Route>();
  /** Function ARNs by integration. */
  readonly integrations = new Map<string, string>();
  private readonly server: http.Server;

  private constructor(
    readonly id: string,
    private readonly deps: ApiDependencies,
  ) {
    this.server = http.createServer((request, response) => {
      this.handle(request, response).catch(() => refuse(response, 500, 'Internal Server Error'));
    });
  }

  static async open(id: string, deps: ApiDependencies): Promise<Api> {
    const api = new Api(id, deps);
    await new Promise<void>((resolve, reject) => {
      api.server.once('error', reject);
      api.server.listen(0, '127.0.0.1', resolve);
    });
    return api;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }

  /** Who calls, where the route wants to know; undefined where the call is refused. */
  private callerFor(request: IncomingMessage, path: string): Caller | undefined {
    const accessKeyId = signedBy(request);
    if (accessKeyId === undefined) return undefined;
    const caller = this.deps.callerOf(accessKeyId);
    try {
      this.deps.mayCall(caller, arn('execute-api', `${this.id}/$default/${request.method}${path}`));
      return caller;
    } catch {
      return undefined;
    }
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/'] = request.url!.split('?', 1);
    const match = matching(this.routes.values(), request.method!, path);
    const body = await readFunctionBody(request, BODY_LIMIT);
    if (!match) return refuse(response, 404, 'Not Found');
    if (!body) return refuse(response, 413, 'Request Entity Too Large');
    const isGuarded = match.route.authorization === 'AWS_IAM';
    const caller = isGuarded ? this.callerFor(request, path) : undefined;
    if (isGuarded && !caller) return refuse(response, 403, 'Forbidden');
    const functionArn = this.integrations.get(match.route.integration) ?? '';
    const invocation = await this.deps.functions.invoke(
      functionArn,
      this.event(request, body, match, caller),
    );
    const answer = 'error' in invocation ? undefined : urlAnswer(invocation.payload);
    if (!answer) return refuse(response, 500, 'Internal Server Error');
    response.writeHead(answer.status, answer.headers).end(answer.body);
  }

  /** Payload format 2.0. Source: Amazon API Gateway Developer Guide, "AWS Lambda proxy integrations for HTTP APIs". */
  private event(request: IncomingMessage, body: Buffer, { route, parameters }: Match, caller?: Caller) {
    const event = urlEvent(request, body, this.id, this.deps.clock.now());
    const userId = caller?.roleArn === undefined ? caller?.accessKeyId : `AROALOCAL:${caller.accessKeyId}`;
    const iam = caller && {
      accessKey: caller.accessKeyId,
      accountId: ACCOUNT,
      callerId: userId,
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: principal(caller),
      userId,
    };
    return {
      ...event,
      routeKey: route.key,
      ...(Object.keys(parameters).length > 0 && { pathParameters: parameters }),
      requestContext: {
        ...event.requestContext,
        ...{ accountId: ACCOUNT, routeKey: route.key },
        ...(iam && { authorizer: { iam } }),
      },
    };
  }
}
