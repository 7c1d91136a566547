import { ZONES } from '../names';
import { TemplateError } from './template';

/** What an expression of a template can refer to. */
export interface Scope {
  /** The value of `Ref`: a parameter's, a pseudo parameter's or a resource's. */
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  mapping(map: string, top: string, second: string): unknown;
  importValue(exportName: string): unknown;
}

/** What `Ref: AWS::NoValue` evaluates to; the member or item that holds it disappears. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Evaluate = (argument: unknown, scope: Scope) => unknown;

const list = (value: unknown, intrinsic: string): unknown[] => {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${intrinsic} needs a list, got ${JSON.stringify(value)}`);
};

const text = (value: unknown, intrinsic: string): string => {
  if (['string', 'number', 'boolean'].includes(typeof value)) return String(value);
  throw new TemplateError(`${intrinsic} needs text, got ${JSON.stringify(value)}`);
};

function getAtt(argument: unknown, scope: Scope): unknown {
  const [id, attribute] =
    typeof argument === 'string'
      ? [argument.slice(0, argument.indexOf('.')), argument.slice(argument.indexOf('.') + 1)]
      : (list(argument, 'Fn::GetAtt') as [string, unknown]);
  return scope.attribute(id, text(resolve(attribute, scope), 'Fn::GetAtt'));
}

function sub(argument: unknown, scope: Scope): string {
  const [pattern, local] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolve(local, scope) as Record<string, unknown>;
  return text(pattern, 'Fn::Sub').replace(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return text(variables[name], 'Fn::Sub');
    return text(name.includes('.') ? getAtt(name, scope) : scope.ref(name), 'Fn::Sub');
  });
}

function select(argument: unknown, scope: Scope): unknown {
  const [index, items] = list(argument, 'Fn::Select');
  const from = list(resolve(items, scope), 'Fn::Select');
  const at = Number(resolve(index, scope));
  if (at in from) return from[at];
  throw new TemplateError(`Fn::Select wants item ${at} of ${JSON.stringify(from)}`);
}

function choose(argument: unknown, scope: Scope): unknown {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
  return resolve(scope.condition(String(condition)) ? whenTrue : whenFalse, scope);
}

const truth = (argument: unknown, scope: Scope) => resolve(argument, scope) === true;

const INTRINSICS: Record<string, Evaluate> = {
  Ref: (name, scope) => (name === 'AWS::NoValue' ? NO_VALUE : scope.ref(String(name))),
  Condition: (name, scope) => scope.condition(String(name)),
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::Select': select,
  'Fn::If': choose,
  'Fn::Join': (argument, scope) => {
    const [separator, items] = list(argument, 'Fn::Join');
    const parts = list(resolve(items, scope), 'Fn::Join');
    return parts.map((part) => text(part, 'Fn::Join')).join(String(separator));
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = list(argument, 'Fn::Split');
    return text(resolve(source, scope), 'Fn::Split').split(String(separator));
  },
  'Fn::FindInMap': (argument, scope) => {
    const [map, top, second] = list(resolve(argument, scope), 'Fn::FindInMap').map(String);
    return scope.mapping(map!, top!, second!);
  },
  'Fn::ImportValue': (name, scope) => scope.importValue(text(resolve(name, scope), 'Fn::ImportValue')),
  'Fn::GetAZs': () => ZONES,
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(resolve(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(resolve(argument, scope), 'Fn::Equals');
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => !truth(list(argument, 'Fn::Not')[0], scope),
  'Fn::And': (argument, scope) => list(argument, 'Fn::And').every((item) => truth(item, scope)),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or').some((item) => truth(item, scope)),
};

const isCall = (keys: string[]) =>
  keys.length === 1 && (keys[0] === 'Ref' || keys[0] === 'Condition' || keys[0]?.startsWith('Fn::'));

/**
 * The value with every intrinsic function evaluated; members and items that are `AWS::NoValue` are left out.
 * Throws TemplateError for a function that is not known and for a reference to nothing.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((item) => resolve(item, scope)).filter((item) => item !== NO_VALUE);
  if (value === null || typeof value !== 'object') return value;
  const keys = Object.keys(value);
  const call = isCall(keys) ? keys[0]! : undefined;
  // "Condition" is also an ordinary member name (IAM statements): only a name in text is a condition
  if (call && !(call === 'Condition' && typeof (value as { Condition: unknown }).Condition !== 'string')) {
    const evaluate = INTRINSICS[call];
    if (!evaluate)
      throw new TemplateError(`the intrinsic function ${call} is not supported by the local cloud`);
    return evaluate((value as Record<string, unknown>)[call], scope);
  }
  const members = Object.entries(value).map(([key, member]) => [key, resolve(member, scope)] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== NO_VALUE));
}
