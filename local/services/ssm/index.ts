import { createCipheriv, randomBytes, randomUUID } from 'node:crypto';
import type { Parameter, PutParameterRequest, SSM } from '@aws-sdk/client-ssm';
import type { Clock } from '../../clock';
import { arn } from '../../names';
import type { Operations, Service } from '../../service';
import { faults } from './faults';
import { passes } from './filters';
import { checkName, splitSelector, tierOf } from './parameter';

/** What `cdk bootstrap` leaves behind: every synthesised template asks for it, also one that nobody has bootstrapped for. */
const BOOTSTRAP = { name: /^\/cdk-bootstrap\/[^/]+\/version$/, value: '30' };

/** GetParametersByPath gives no more at a time, DescribeParameters no more than five times as many. */
const MOST_BY_PATH = 10;
const MOST_DESCRIBED = 50;
/** Older versions are forgotten. */
const VERSIONS_KEPT = 100;

export interface Ssm extends Service {
  /** The value of a parameter, as templates with `AWS::SSM::Parameter::Value<String>` ask for it. */
  lookup(name: string): string | undefined;
}

interface Stored extends Parameter {
  Name: string;
  Value: string;
  Type: 'String' | 'StringList' | 'SecureString';
  Version: number;
  Tier: 'Standard' | 'Advanced';
  Description?: string;
  AllowedPattern?: string;
}

const parameterArn = (name: string) => arn('ssm', `parameter${name.startsWith('/') ? '' : '/'}${name}`);

const PATH_RULES =
  'The parameter doesn\'t meet the parameter name requirements. The parameter name must begin with a forward slash "/". Valid example: /get/parameters2-/by1./path0_.';

/** Systems Manager Parameter Store: String, StringList and SecureString in both tiers, with their versions. */
export function createSsm({ clock }: { clock: Clock }): Ssm {
  /** The versions of each, oldest first. */
  const parameters = new Map<string, Stored[]>();
  const key = randomBytes(32);

  function put(request: PutParameterRequest): Stored {
    const { Name: name, Value, Overwrite = false, Tags = [], AllowedPattern } = request;
    checkName(name!);
    const versions = parameters.get(name!) ?? [];
    const before = versions.at(-1);
    if (before && !Overwrite) throw faults.exists();
    if (before && Tags.length > 0)
      throw faults.invalid("Invalid request: tags and overwrite can't be used together.");
    const Type = request.Type ?? before?.Type;
    if (!Type) throw faults.invalid('A parameter type is required when you create a parameter.');
    if (before && Type !== before.Type) throw faults.otherType(name!, before.Type);
    if (Value === '')
      throw faults.invalid(
        "Value '' at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1",
      );
    if (AllowedPattern && !new RegExp(`^(?:${AllowedPattern})$`).test(Value!))
      throw faults.mismatch(AllowedPattern);
    const stored: Stored = {
      Name: name!,
      Value: Value!,
      Type,
      Version: (before?.Version ?? 0) + 1,
      LastModifiedDate: new Date(clock.now()),
      ARN: parameterArn(name!),
      DataType: request.DataType ?? 'text',
      Tier: tierOf(request, before?.Tier),
      Description: request.Description ?? before?.Description,
      AllowedPattern,
    };
    parameters.set(name!, [...versions, stored].slice(-VERSIONS_KEPT));
    return stored;
  }

  const newest = () => [...parameters.values()].map((versions) => versions.at(-1)!);

  /** By name or ARN, and with `:3` behind it in that version; undefined when there is no such parameter. */
  function find(reference: string): Stored | undefined {
    const { name, selector } = splitSelector(reference);
    const versions = parameters.get(name) ?? [...parameters.values()].find(([first]) => first!.ARN === name);
    if (!versions) return undefined;
    if (selector === undefined) return versions.at(-1);
    const found = versions.find(({ Version }) => String(Version) === selector);
    if (!found) throw faults.noVersion(name, selector);
    return { ...found, Selector: `:${selector}` };
  }

  /** As GetParameters does: what cannot be found is listed, not thrown. */
  function findOrNothing(reference: string): Stored | undefined {
    try {
      return find(reference);
    } catch {
      return undefined;
    }
  }

  /** Nobody reads a SecureString who does not ask for it to be decrypted. */
  function encrypted(value: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    return Buffer.concat([iv, cipher.update(value, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
  }

  const shown = (
    { Description: _, AllowedPattern: __, Tier: ___, ...parameter }: Stored,
    isDecrypted = false,
  ): Parameter =>
    parameter.Type === 'SecureString' && !isDecrypted
      ? { ...parameter, Value: encrypted(parameter.Value) }
      : parameter;

  function page<Item>(all: Item[], most: number, limit: number, token = '0') {
    const start = Number(token);
    if (!Number.isInteger(start) || start < 0) throw faults.nextToken();
    const end = start + Math.min(limit, most);
    return { items: all.slice(start, end), NextToken: end < all.length ? String(end) : undefined };
  }

  const operations: Operations<SSM> = {
    GetParameter: ({ Name, WithDecryption }) => {
      const parameter = find(Name!);
      if (!parameter) throw faults.notFound(Name!);
      return { Parameter: shown(parameter, WithDecryption) };
    },
    GetParameters: ({ Names = [], WithDecryption }) => ({
      Parameters: Names.map(findOrNothing)
        .filter((parameter) => parameter !== undefined)
        .map((parameter) => shown(parameter, WithDecryption)),
      InvalidParameters: Names.filter((name) => !findOrNothing(name)),
    }),
    GetParametersByPath: ({
      Path,
      Recursive,
      WithDecryption,
      ParameterFilters,
      MaxResults,
      NextToken: token,
    }) => {
      if (!Path!.startsWith('/')) throw faults.invalid(PATH_RULES);
      const isBelow = passes([
        { Key: 'Path', Option: Recursive ? 'Recursive' : 'OneLevel', Values: [Path!] },
      ]);
      const all = newest().filter(isBelow).filter(passes(ParameterFilters));
      const { items, NextToken } = page(all, MOST_BY_PATH, MaxResults ?? MOST_BY_PATH, token);
      return { Parameters: items.map((parameter) => shown(parameter, WithDecryption)), NextToken };
    },
    DescribeParameters: ({ Filters, ParameterFilters, MaxResults, NextToken: token }) => {
      if (Filters && ParameterFilters)
        throw faults.invalid('You can use either Filters or ParameterFilters in a single request.');
      const all = newest().filter(passes(ParameterFilters ?? Filters));
      const { items, NextToken } = page(all, MOST_DESCRIBED, MaxResults ?? MOST_DESCRIBED, token);
      return { Parameters: items.map(({ Value: _, ...parameter }) => parameter), NextToken };
    },
    PutParameter: (request) => {
      const { Version, Tier } = put(request);
      return { Version, Tier };
    },
    DeleteParameter: ({ Name }) => {
      if (!parameters.delete(Name!)) throw faults.notFound(Name!);
      return {};
    },
  };

  /** As a template declares it. */
  function declare(properties: PutParameterRequest, Name: string, Overwrite: boolean) {
    if (properties.Type === 'SecureString')
      throw new Error('CloudFormation creates no SecureString parameters; use String or StringList');
    const { Value, Tier, AllowedPattern, Description } = properties;
    const stored = put({
      Name,
      Value,
      Type: properties.Type ?? 'String',
      Tier,
      AllowedPattern,
      Description,
      Overwrite,
    });
    return { ref: Name, attributes: { Value: stored.Value, Type: stored.Type } };
  }

  return {
    signingName: 'ssm',
    operations,
    resources: {
      'AWS::SSM::Parameter': (properties, { logicalId }) =>
        declare(properties, properties.Name ?? `CFN-${logicalId}-${randomUUID().slice(0, 12)}`, false),
    },
    updates: {
      'AWS::SSM::Parameter': (properties, { ref }) => declare(properties, properties.Name ?? ref, true),
    },
    live: {
      'AWS::SSM::Parameter': (ref) => {
        const stored = parameters.get(ref)?.at(-1);
        return stored && { Value: stored.Value, Type: stored.Type };
      },
    },
    removals: { 'AWS::SSM::Parameter': (ref) => void parameters.delete(ref) },
    lookup: (name) =>
      parameters.get(name)?.at(-1)?.Value ?? (BOOTSTRAP.name.test(name) ? BOOTSTRAP.value : undefined),
  };
}
