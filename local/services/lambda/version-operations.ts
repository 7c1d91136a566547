import {
  type AliasConfiguration,
  type FunctionConfiguration,
  InvalidParameterValueException,
  type Lambda as LambdaClient,
  ResourceConflictException,
  ResourceNotFoundException,
} from '@aws-sdk/client-lambda';
import type { Operations } from '../../service';
import { LATEST, type LambdaFunction } from './function';
import { type Qualifiers, splitReference } from './qualifiers';
import type { FunctionState } from './sleep';

const $metadata = {};

const configuration = (fn: LambdaFunction, State: FunctionState): FunctionConfiguration => ({
  FunctionName: fn.name,
  FunctionArn: `${fn.arn}${fn.version === LATEST ? '' : `:${fn.version}`}`,
  Version: fn.version,
  Role: fn.role,
  Handler: fn.handler,
  Timeout: fn.timeoutMs / 1000,
  MemorySize: fn.memoryMb,
  Environment: { Variables: fn.variables },
  LoggingConfig: { LogGroup: fn.logGroup },
  // as Lambda writes it
  LastModified: new Date(fn.modifiedAt).toISOString().replace('Z', '+0000'),
  State,
  LastUpdateStatus: 'Successful',
});

/**
 * Versions and aliases over the wire. Source: AWS Lambda API Reference, and the guide, "Manage Lambda function versions".
 * @param find throws ResourceNotFoundException
 */
export function versionOperations(
  qualifiers: Qualifiers,
  find: (reference: string, qualifier?: string) => LambdaFunction,
  stateOf: (fn: LambdaFunction) => FunctionState,
): Operations<LambdaClient> {
  const configurationOf = (fn: LambdaFunction) => configuration(fn, stateOf(fn));
  const latest = (reference = '') => find(splitReference(reference).name);

  function aliasOf(reference: string | undefined, alias: string | undefined): AliasConfiguration {
    const { name, arn } = latest(reference);
    const found = qualifiers.aliasesOf(name).find((one) => one.name === alias);
    if (!found)
      throw new ResourceNotFoundException({ message: `Cannot find alias arn: ${arn}:${alias}`, $metadata });
    return { AliasArn: `${arn}:${alias}`, Name: alias, FunctionVersion: found.version };
  }

  return {
    PublishVersion: ({ FunctionName }) => configurationOf(qualifiers.publish(latest(FunctionName)).version),
    ListVersionsByFunction: ({ FunctionName }) => {
      const fn = latest(FunctionName);
      return { Versions: [fn, ...qualifiers.versions(fn.name)].map(configurationOf) };
    },
    ListFunctions: () => ({ Functions: [...qualifiers.functions.values()].map(configurationOf) }),
    GetFunctionConfiguration: ({ FunctionName, Qualifier }) =>
      configurationOf(find(FunctionName!, Qualifier)),
    DeleteFunction: ({ FunctionName = '', Qualifier = splitReference(FunctionName).qualifier }) => {
      const { name, version } = find(FunctionName, Qualifier);
      if (Qualifier === LATEST)
        throw new InvalidParameterValueException({
          message: '$LATEST version cannot be deleted without deleting the function.',
          $metadata,
        });
      const held = qualifiers.aliasesOf(name).filter((alias) => alias.version === version);
      if (Qualifier !== undefined && held.length > 0)
        throw new ResourceConflictException({
          message: `Version ${version} is used by aliases: ${held.map((alias) => alias.name)}`,
          $metadata,
        });
      qualifiers.delete(name, Qualifier);
      return { StatusCode: 204 };
    },
    CreateAlias: ({ FunctionName, Name, FunctionVersion }) => {
      const { name, version } = find(splitReference(FunctionName!).name, FunctionVersion);
      if (qualifiers.aliasesOf(name).some((alias) => alias.name === Name))
        throw new ResourceConflictException({ message: `Alias already exists: ${Name}`, $metadata });
      qualifiers.setAlias(name, Name!, version);
      return aliasOf(FunctionName, Name);
    },
    UpdateAlias: ({ FunctionName, Name, FunctionVersion }) => {
      aliasOf(FunctionName, Name);
      const { name, version } = find(splitReference(FunctionName!).name, FunctionVersion);
      qualifiers.setAlias(name, Name!, version);
      return aliasOf(FunctionName, Name);
    },
    GetAlias: ({ FunctionName, Name }) => aliasOf(FunctionName, Name),
    ListAliases: ({ FunctionName }) => ({
      Aliases: qualifiers.aliasesOf(latest(FunctionName).name).map(({ name }) => aliasOf(FunctionName, name)),
    }),
    DeleteAlias: ({ FunctionName, Name }) => {
      qualifiers.deleteAlias(latest(FunctionName).name, Name!);
      return {};
    },
  };
}
