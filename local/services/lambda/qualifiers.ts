import { InvalidParameterValueException } from '@aws-sdk/client-lambda';

const LATEST = '$LATEST';

/** "arn:…:function:name:alias", "<account>:function:name:alias" or "name:alias". */
export function splitReference(reference: string): { name: string; qualifier?: string } {
  const [name, qualifier] = reference.replace(/^.*:?function:/, '').split(':');
  return { name: name!, qualifier };
}

export interface Qualified {
  qualifier: string;
  /** Undefined when there is no such version or alias. */
  version?: string;
}

/** The versions and aliases of functions. All versions run the same code: what was deployed last. */
export class Qualifiers {
  private readonly versions = new Map<string, number>();
  /** By `name:alias`. */
  private readonly aliases = new Map<string, string>();

  addVersion(name: string): string {
    const version = (this.versions.get(name) ?? 0) + 1;
    this.versions.set(name, version);
    return String(version);
  }

  addAlias(name: string, alias: string, version: string): void {
    this.aliases.set(`${name}:${alias}`, version);
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
    if (qualifier === LATEST) return { qualifier, version: LATEST };
    const number = Number(qualifier);
    const isVersion = Number.isInteger(number) && number >= 1 && number <= (this.versions.get(name) ?? 0);
    return { qualifier, version: isVersion ? qualifier : this.aliases.get(`${name}:${qualifier}`) };
  }
}
