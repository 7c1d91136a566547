import { randomInt } from 'node:crypto';

/** CloudFormation's GenerateSecretString. */
export interface GenerateSecretString {
  SecretStringTemplate?: string;
  GenerateStringKey?: string;
  PasswordLength?: number | string;
  ExcludeCharacters?: string;
  ExcludeNumbers?: boolean | string;
  ExcludePunctuation?: boolean | string;
  ExcludeUppercase?: boolean | string;
  ExcludeLowercase?: boolean | string;
  IncludeSpace?: boolean | string;
  RequireEachIncludedType?: boolean | string;
}

const CHARACTERS = {
  lowercase: 'abcdefghijklmnopqrstuvwxyz',
  uppercase: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  numbers: '0123456789',
  punctuation: '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~',
};

/** Templates carry booleans as true or as "true". */
const isTrue = (value: boolean | string | undefined) => String(value) === 'true';

const pick = (from: string) => from[randomInt(from.length)]!;

/** A password as Secrets Manager makes it: 32 characters by default, at least one of every type that is not excluded. */
export function generatePassword(options: GenerateSecretString): string {
  const length = Number(options.PasswordLength ?? 32);
  const without = (characters: string) =>
    [...characters].filter((character) => !options.ExcludeCharacters?.includes(character)).join('');
  const types = [
    isTrue(options.ExcludeLowercase) ? '' : CHARACTERS.lowercase,
    isTrue(options.ExcludeUppercase) ? '' : CHARACTERS.uppercase,
    isTrue(options.ExcludeNumbers) ? '' : CHARACTERS.numbers,
    isTrue(options.ExcludePunctuation) ? '' : CHARACTERS.punctuation,
    isTrue(options.IncludeSpace) ? ' ' : '',
  ]
    .map(without)
    .filter((characters) => characters !== '');
  const all = types.join('');
  if (all === '') throw new Error('a password needs characters; GenerateSecretString excludes every one');
  const required = String(options.RequireEachIncludedType) === 'false' ? [] : types.map(pick);
  if (required.length > length)
    throw new Error(`a password of ${length} characters cannot hold every type; raise PasswordLength`);
  const characters = [...required, ...Array.from({ length: length - required.length }, () => pick(all))];
  return shuffled(characters).join('');
}

function shuffled<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last--) {
    const other = randomInt(last + 1);
    [items[last], items[other]] = [items[other]!, items[last]!];
  }
  return items;
}

/** The whole secret string: the bare password, or the template with the password under GenerateStringKey. */
export function generateSecretString(options: GenerateSecretString): string {
  const password = generatePassword(options);
  if (options.SecretStringTemplate === undefined) return password;
  if (!options.GenerateStringKey)
    throw new Error('GenerateSecretString has a SecretStringTemplate; give the GenerateStringKey as well');
  return JSON.stringify({
    ...JSON.parse(options.SecretStringTemplate),
    [options.GenerateStringKey]: password,
  });
}
