import type { Filter } from '@aws-sdk/client-secrets-manager';
import type { Secret } from './store';

/** What each key looks at; values are the beginnings of these, of names and tags in their own case. */
const FIELDS: Record<string, (secret: Secret) => string[]> = {
  name: ({ name }) => [name],
  description: ({ description = '' }) => [description],
  'tag-key': ({ tags }) => tags.map(({ Key }) => Key),
  'tag-value': ({ tags }) => tags.map(({ Value }) => Value),
  all: ({ name, description = '', tags }) => [
    name,
    description,
    ...tags.flatMap(({ Key, Value }) => [Key, Value]),
  ],
};

/** Nothing is replicated, owned by another service or of a type here, so filters on those keep nothing. */
const fieldsOf = (key: string | undefined) => FIELDS[key ?? ''] ?? (() => []);

function matches(given: string, value: string, ignoresCase: boolean): boolean {
  if (value.startsWith('!')) return !matches(given, value.slice(1), ignoresCase);
  return ignoresCase ? given.toLowerCase().startsWith(value.toLowerCase()) : given.startsWith(value);
}

/** Whether a secret passes every filter, by one of its values each. */
export const passes =
  (filters: readonly Filter[] = []) =>
  (secret: Secret): boolean =>
    filters.every(({ Key, Values = [] }) => {
      const ignoresCase = Key === 'description' || Key === 'all';
      return fieldsOf(Key)(secret).some((given) =>
        Values.some((value) => matches(given, value, ignoresCase)),
      );
    });
