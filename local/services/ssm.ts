import { randomUUID } from 'node:crypto';
import {
  InvalidNextToken,
  type Parameter,
  ParameterAlreadyExists,
  ParameterNotFound,
  type PutParameterRequest,
  type SSM,
  SSMServiceException,
} from '@aws-sdk/client-ssm';
import type { Clock } from '../clock';
import { arn } from '../names';
import type { Operations, Service } from '../service';

/** What `cdk bootstrap` leaves behind; every synthesised template asks for it. */
const BOOTSTRAP = { name: '/cdk-bootstrap/hnb659fds/version', value: '30' };

const $metadata = {};

/** GetParametersByPath gives no more at a time. */
const MOST_BY_PATH = 10;

const invalid = (message: string) =>
  new SSMServiceException({ name: 'ValidationException', $fault: 'client', message, $metadata });

export interface Ssm extends Service {
  /** The value of a parameter, as templates with `AWS::SSM::Parameter::Value<String>` ask for it. */
  lookup(name: string): string | undefined;
}

interface Stored extends Parameter {
  Name: string;
  Value: string;
  Version: number;
  Description?: string;
}

const parameterArn = (name: string) => arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);

/** Systems Manager Parameter Store: String, StringList and SecureString (kept as plain text), newest version only. */
export function createSsm({ clock }: { clock: Clock }): Ssm {
  const parameters = new Map<string, Stored>();

  function put(
    request: Pick<PutParameterRequest, 'Name' | 'Value' | 'Type' | 'Overwrite' | 'Description'>,
  ): Stored {
    const name = request.Name!;
    const before = parameters.get(name);
    if (before && !request.Overwrite)
      throw new ParameterAlreadyExists({
        message:
          'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
        $metadata,
      });
    const stored: Stored = {
      Name: name,
      Value: request.Value!,
      Type: request.Type ?? before?.Type ?? 'String',
      Version: (before?.Version ?? 0) + 1,
      LastModifiedDate: new Date(clock.now()),
      ARN: parameterArn(name),
      DataType: 'text',
      Description: request.Description ?? before?.Description,
    };
    parameters.set(name, stored);
    return stored;
  }

  /** A parameter may be asked for by name or by ARN. */
  const find = (name: string) =>
    parameters.get(name) ?? [...parameters.values()].find((parameter) => parameter.ARN === name);
  const shown = ({ Description: _, ...parameter }: Stored): Parameter => parameter;
  const below = (path: string, recursive: boolean) => {
    const prefix = path.endsWith('/') ? path : `${path}/`;
    return [...parameters.values()].filter(
      ({ Name }) => Name.startsWith(prefix) && (recursive || !Name.slice(prefix.length).includes('/')),
    );
  };

  const operations: Operations<SSM> = {
    GetParameter: ({ Name }) => {
      const parameter = find(Name!);
      if (!parameter) throw new ParameterNotFound({ message: `Parameter ${Name} not found.`, $metadata });
      return { Parameter: shown(parameter) };
    },
    GetParameters: ({ Names = [] }) => ({
      Parameters: Names.map(find)
        .filter((parameter) => parameter !== undefined)
        .map(shown),
      InvalidParameters: Names.filter((name) => !find(name)),
    }),
    GetParametersByPath: ({ Path, Recursive = false, MaxResults = MOST_BY_PATH, NextToken = '0' }) => {
      if (!Path!.startsWith('/')) throw invalid('The parameter path must begin with a slash; write /a/b');
      if (MaxResults < 1 || MaxResults > MOST_BY_PATH)
        throw invalid(`MaxResults must be between 1 and ${MOST_BY_PATH}; it is ${MaxResults}`);
      const [all, start] = [below(Path!, Recursive), Number(NextToken)];
      if (!Number.isInteger(start)) throw new InvalidNextToken({ message: 'Invalid NextToken', $metadata });
      const end = start + MaxResults;
      const more = end < all.length && { NextToken: String(end) };
      return { Parameters: all.slice(start, end).map(shown), ...more };
    },
    DescribeParameters: () => ({
      Parameters: [...parameters.values()].map(({ Value: _, ...parameter }) => parameter),
    }),
    PutParameter: (request) => ({ Version: put(request).Version, Tier: 'Standard' as const }),
    DeleteParameter: ({ Name }) => {
      if (!parameters.delete(Name!))
        throw new ParameterNotFound({ message: `Parameter ${Name} not found.`, $metadata });
      return {};
    },
  };

  put({ Name: BOOTSTRAP.name, Value: BOOTSTRAP.value });
  return {
    signingName: 'ssm',
    operations,
    resources: {
      'AWS::SSM::Parameter': (properties, { logicalId }) => {
        const { Name, Value, Type } = put({
          Name: properties.Name ?? `CFN-${logicalId}-${randomUUID().slice(0, 12)}`,
          Value: properties.Value,
          Type: properties.Type,
          Description: properties.Description,
        });
        return { ref: Name, attributes: { Value, Type: Type! } };
      },
    },
    lookup: (name) => parameters.get(name)?.Value,
  };
}
