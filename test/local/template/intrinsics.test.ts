import { resolve, type Scope } from '../../../local/template/intrinsics';

const scope: Scope = {
  ref: (name) => ({ Name: 'shop', Zones: ['a', 'b'], 'AWS::Region': 'eu-west-1' })[name],
  attribute: (id, attribute) => `${id}/${attribute}`,
  condition: (name) => name === 'Yes',
  mapping: (map, top, second) => `${map}:${top}:${second}`,
  importValue: (name) => `imported ${name}`,
};
const value = (expression: unknown) => resolve(expression, scope);

describe('intrinsic functions', () => {
  test.each([
    ['Ref', { Ref: 'Name' }, 'shop'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Db', 'Endpoint.Port'] }, 'Db/Endpoint.Port'],
    ['GetAtt as text', { 'Fn::GetAtt': 'Db.Endpoint.Port' }, 'Db/Endpoint.Port'],
    ['Join over a list reference', { 'Fn::Join': ['-', { Ref: 'Zones' }] }, 'a-b'],
    ['Sub', { 'Fn::Sub': 'x-${Name}-${Db.Arn}-${!Literal}-$&' }, 'x-shop-Db/Arn-${Literal}-$&'],
    ['Sub with variables', { 'Fn::Sub': ['${a}-${Name}', { a: { Ref: 'Name' } }] }, 'shop-shop'],
    ['Select and Split', { 'Fn::Select': ['1', { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['If', { 'Fn::If': ['No', 'x', { Ref: 'Name' }] }, 'shop'],
    ['And, Or and Not', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'No' }] }] }, true],
    ['Equals', { 'Fn::Equals': [{ Ref: 'Name' }, 'shop'] }, true],
    ['FindInMap', { 'Fn::FindInMap': ['M', { Ref: 'AWS::Region' }, 'k'] }, 'M:eu-west-1:k'],
    ['ImportValue', { 'Fn::ImportValue': { 'Fn::Sub': '${Name}-x' } }, 'imported shop-x'],
    ['Base64', { 'Fn::Base64': 'hi' }, 'aGk='],
  ])('%s is evaluated', (_name, expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  test('AWS::NoValue removes the member or item that holds it', () => {
    const none = { Ref: 'AWS::NoValue' };
    expect(value({ a: none, b: [1, none, { 'Fn::If': ['Yes', none, 2] }] })).toEqual({ b: [1] });
  });

  test('a member called Condition, as in an IAM statement, is no function', () => {
    const statement = { Condition: { StringEquals: { 'ecs:cluster': { Ref: 'Name' } } } };
    expect(value(statement)).toEqual({ Condition: { StringEquals: { 'ecs:cluster': 'shop' } } });
  });

  test('an unknown function is refused by name', () => {
    expect(() => value({ 'Fn::Cidr': [] })).toThrow('Fn::Cidr is not supported');
  });
});
