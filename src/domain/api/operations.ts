import '../text/zod-english';
import * as z from 'zod/mini';
import { type PageVerb, pageVerbs } from '../page/actions';
import { requestSchema } from '../request/request';
import { serviceName, why } from '../text/schemas';

/** Statuses of what is refused. */
export type Refusal = 400 | 404 | 409;

/** What can be asked of the HTTP API: the routes, the function behind them and docs/openapi.json are made of this. */
export interface Operation {
  method: 'GET' | 'POST';
  /** `{name}`: the name of a deployment. */
  path: string;
  /** One sentence. */
  summary: string;
  query?: z.ZodMiniType;
  body?: z.ZodMiniType;
  /** Of what is done or begun. */
  status: 200 | 202;
  /** What is answered then. */
  answers: string;
  refuses: readonly Refusal[];
}

/** Whoever asks is the caller, whom IAM knows; a request cannot say who. */
const body = z.omit(requestSchema, { requestedBy: true });

/** Characters that the name of an execution may have anywhere. Source: AWS Step Functions API Reference, StartExecution. */
const startQuery = z.strictObject({
  name: z.optional(
    z
      .string()
      .check(
        z.regex(/^[a-zA-Z0-9_-]{1,80}$/, 'expected letters, digits, - and _, at most 80'),
        z.describe('Name of the deployment. Made of service, version and time where it is left out.'),
      ),
  ),
});

const listQuery = z.strictObject({
  service: z.optional(serviceName.check(z.describe('Deployments of this service alone.'))),
  limit: z._default(
    z
      .string()
      .check(
        z.regex(/^([1-9]\d?|100)$/, 'expected a whole number from 1 to 100'),
        z.describe('At most so many, 1 to 100.'),
      ),
    '20',
  ),
});

const saidBody = z.strictObject({
  reason: why('why, in a few words').check(z.describe('Why, for people and the journal.')),
});

/** Something said to one deployment, as the verb of that name says it. */
const said = (verb: PageVerb, summary: string, answers: string): Operation => ({
  method: 'POST',
  path: `/deployments/{name}/${verb}`,
  summary,
  body: saidBody,
  status: verb === 'rollback' ? 202 : 200,
  answers,
  refuses: verb === 'rollback' ? [400, 404] : [400, 404, 409],
});

export const schemas = { body, startQuery, listQuery, saidBody };

export const operations = {
  start: {
    method: 'POST',
    path: '/deployments',
    summary: 'Starts a deployment. Asked again for the same by the same name, it is the one that there is.',
    query: startQuery,
    body,
    status: 202,
    answers: 'The name of the deployment and the ARN of its execution.',
    refuses: [400, 409],
  },
  list: {
    method: 'GET',
    path: '/deployments',
    summary: 'Lists the newest deployments of the last 90 days.',
    query: listQuery,
    status: 200,
    answers: 'The deployments, the newest first, as the verb `history` has them in JSON.',
    refuses: [400],
  },
  get: {
    method: 'GET',
    path: '/deployments/{name}',
    summary: 'Tells what a deployment did, how it ended and what stands now.',
    status: 200,
    answers: 'The report, as the verb `report` has it in JSON.',
    refuses: [404],
  },
  approve: said('approve', 'Says yes to what a deployment asks.', 'The question and the answer.'),
  reject: said('reject', 'Says no to what a deployment asks.', 'The question and the answer.'),
  pause: said('pause', 'Keeps a deployment at its share of the traffic.', 'What the deployment was told.'),
  resume: said('resume', 'Lets a paused deployment go on.', 'What the deployment was told.'),
  promote: said('promote', 'Ends the step that a deployment is in.', 'What the deployment was told.'),
  rollback: said(
    'rollback',
    'Brings the previous version back, of a deployment that runs or of the newest release.',
    'The name of the deployment and the ARN of the execution that rolls it back.',
  ),
} as const satisfies Record<'start' | 'list' | 'get' | PageVerb, Operation>;

export type OperationName = keyof typeof operations;
export const isSaid = (name: OperationName): name is PageVerb =>
  (pageVerbs as readonly string[]).includes(name);

/** As API Gateway names a route. */
export const routeKey = ({ method, path }: Pick<Operation, 'method' | 'path'>): string => `${method} ${path}`;
