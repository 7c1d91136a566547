import type { ParameterStringFilter } from '@aws-sdk/client-ssm';
import { faults } from './faults';

interface Filtered {
  Name: string;
  Type?: string;
  Tier?: string;
  DataType?: string;
}

type Test = (parameter: Filtered, value: string) => boolean;

const FIELDS: Record<string, (parameter: Filtered) => string> = {
  Name: ({ Name }) => Name,
  Type: ({ Type = '' }) => Type,
  Tier: ({ Tier = '' }) => Tier,
  DataType: ({ DataType = '' }) => DataType,
};

const OPTIONS: Record<string, (given: string, value: string) => boolean> = {
  Equals: (given, value) => given === value,
  BeginsWith: (given, value) => given.startsWith(value),
  Contains: (given, value) => given.includes(value),
};

const below: Record<string, Test> = {
  Recursive: ({ Name }, path) => Name.startsWith(withSlash(path)),
  OneLevel: ({ Name }, path) =>
    Name.startsWith(withSlash(path)) && !Name.slice(withSlash(path).length).includes('/'),
};

const withSlash = (path: string) => (path.endsWith('/') ? path : `${path}/`);

function testOf({ Key, Option }: ParameterStringFilter): Test {
  const options = Key === 'Path' ? below : undefined;
  const field = FIELDS[Key!];
  const name = Option ?? (Key === 'Path' ? 'OneLevel' : 'Equals');
  if (options) return options[name] ?? refuse(name);
  if (!field) throw faults.filterKey(Key!);
  const holds = OPTIONS[name] ?? refuse(name);
  return (parameter, value) => holds(field(parameter), value);
}

function refuse(option: string): never {
  throw faults.filterOption(option);
}

/** Whether a parameter passes every filter, by one of its values each. Tags and labels are refused by name. */
export function passes(filters: readonly ParameterStringFilter[] = []): (parameter: Filtered) => boolean {
  const tests = filters.map((filter) => ({ values: filter.Values ?? [], test: testOf(filter) }));
  return (parameter) =>
    tests.every(({ values, test }) => values.length === 0 || values.some((value) => test(parameter, value)));
}
