import type * as z from 'zod/mini';
import { jsonSchemaOf } from '../settings/json-schema';
import { type Operation, type OperationName, operations } from './operations';

type Json = Record<string, unknown>;

function schemaOf(schema: z.ZodMiniType): Json {
  const { $schema: _, ...own } = jsonSchemaOf(schema) as Json;
  return own;
}

const text = { type: 'string' };
const problemSchema = {
  type: 'object',
  description: 'What was not done and why (RFC 9457).',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    ...{ type: text, title: text, status: { type: 'integer' }, detail: text },
    errors: {
      type: 'array',
      items: text,
      description: 'Of a bad input each one: its path, what was expected and what was received.',
    },
  },
};

/** What a route of an execution answers; what others answer is told by its description. */
const begun = {
  type: 'object',
  required: ['deployment', 'execution'],
  properties: { deployment: text, execution: text },
};
const answerSchema = ({ status }: Operation) => (status === 202 ? begun : { type: 'object' });

const REFUSALS = {
  400: 'Bad input: nothing was done.',
  404: 'There is no deployment of that name, or it has not begun to write its journal.',
  409: 'It cannot be done as the deployment stands.',
} as const;

function parametersOf({ path, query }: Operation): Json[] {
  const { properties = {} } = (query ? schemaOf(query) : {}) as { properties?: Record<string, Json> };
  const inPath = path.includes('{name}')
    ? [{ name: 'name', in: 'path', required: true, description: 'Name of a deployment.', schema: text }]
    : [];
  return [
    ...inPath,
    ...Object.entries(properties).map(([name, { description, ...schema }]) => ({
      ...{ name, in: 'query', required: false, description, schema },
    })),
  ];
}

function operationOf(operationId: string, operation: Operation): Json {
  const { summary, body, status, answers, refuses } = operation;
  const parameters = parametersOf(operation);
  const json = (schema: Json) => ({ 'application/json': { schema } });
  return {
    operationId,
    summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json(schemaOf(body)) } }),
    responses: {
      [status]: { description: answers, content: json(answerSchema(operation)) },
      ...Object.fromEntries(
        refuses.map((one) => [
          one,
          {
            description: REFUSALS[one],
            content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
          },
        ]),
      ),
      403: {
        description: 'No signature, or IAM does not allow it to the caller. API Gateway answers itself.',
      },
    },
  };
}

/** The HTTP API as OpenAPI 3.1 has it. */
export function openApi(): Json {
  const paths: Record<string, Json> = {};
  for (const name of Object.keys(operations) as OperationName[]) {
    const operation: Operation = operations[name];
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationOf(name, operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Greenlight',
      version: '1',
      description:
        'Starts and follows deployments. Every request is signed (AWS Signature Version 4, service execute-api), and IAM decides. The address is the output `ApiAddress` of the stack.',
    },
    security: [{ iam: [] }],
    paths,
    components: {
      schemas: { Problem: problemSchema },
      securitySchemes: {
        iam: {
          type: 'apiKey',
          name: 'Authorization',
          in: 'header',
          description: 'AWS Signature Version 4.',
          'x-amazon-apigateway-authtype': 'awsSigv4',
        },
      },
    },
  };
}
