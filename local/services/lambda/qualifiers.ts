import { InvalidParameterValueException } from '@aws-sdk/client-lambda';
import { LATEST, type LambdaFunction } from './function';

/** "arn:…:function:name:alias", "<account>:function:name:alias" or "name:alias". */
export function splitReference(reference: string): { name: string; qualifier?: string } {
  const [name, qualifier] = reference.replace(/^.*:?function:/, '').split(':');
  return { name: name!, qualifier };
}

export interface Qualified {
  qualifier: string;
  /** The function as that version has it; undefined when there is no such version or alias. */
  fn?: LambdaFunction;
}

/**
 * The functions with their versions and aliases. A published version is what the function was then: its code, its environment,
 * its role (Lambda guide, "Manage Lambda function versions").
 */
export class Qualifiers {
  /** What `$LATEST` is, by name. */
  readonly functions = new Map<string, LambdaFunction>();
  /** By name, the oldest first. */
  private readonly published = new Map<string, LambdaFunction[]>();
  /** Numbers are not given twice, also when a version has been deleted. */
  private readonly numbers = new Map<string, number>();
  /** By `name:alias`. */
  private readonly aliases = new Map<string, string>();

  versions(name: string): readonly LambdaFunction[] {
    return this.published.get(name) ?? [];
  }

  /** The newest version; a new one where the function has changed since. */
  publish(fn: LambdaFunction): { version: LambdaFunction; isNew: boolean } {
    const versions = this.versions(fn.name);
    const newest = versions.at(-1);
    if (newest && newest.published === fn) return { version: newest, isNew: false };
    const number = (this.numbers.get(fn.name) ?? 0) + 1;
    this.numbers.set(fn.name, number);
    const version = { ...fn, version: String(number), published: fn };
    this.published.set(fn.name, [...versions, version]);
    return { version, isNew: true };
  }

  /** With all versions and aliases, or one version. */
  delete(name: string, version?: string): void {
    const left = version === undefined ? [] : this.versions(name).filter((one) => one.version !== version);
    this.published.set(name, left);
    if (version !== undefined) return;
    this.functions.delete(name);
    for (const alias of this.aliasesOf(name)) this.aliases.delete(`${name}:${alias.name}`);
  }

  setAlias(name: string, alias: string, version: string): void {
    this.aliases.set(`${name}:${alias}`, version);
  }

  aliasesOf(name: string): { name: string; version: string }[] {
    return [...this.aliases]
      .filter(([key]) => key.startsWith(`${name}:`))
      .map(([key, version]) => ({ name: key.slice(name.length + 1), version }));
  }

  deleteAlias(name: string, alias: string): void {
    this.aliases.delete(`${name}:${alias}`);
  }

  /** Throws InvalidParameterValueException when the reference has another qualifier than is asked for beside it. */
  resolve(reference: string, asked?: string): Qualified {
    const { name, qualifier: derived } = splitReference(reference);
    if (derived !== undefined && asked !== undefined && derived !== asked) {
      throw new InvalidParameterValueException({
        message: 'The derived qualifier from the function name does not match the specified qualifier.',
        $metadata: {},
      });
    }
    const qualifier = asked ?? derived ?? LATEST;
    if (qualifier === LATEST) return { qualifier, fn: this.functions.get(name) };
    const version = this.aliases.get(`${name}:${qualifier}`) ?? qualifier;
    return { qualifier, fn: this.versions(name).find((one) => one.version === version) };
  }
}
