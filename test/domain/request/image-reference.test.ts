import { shortImage } from '../../../src/domain/request/image-reference';

const digest = `0123456789ab${'0'.repeat(52)}`;
const registry = '000000000000.dkr.ecr.eu-west-1.amazonaws.com';

it.each([
  ['shop:v2', 'shop:v2'],
  ['team/shop:v2', 'team/shop:v2'],
  [`${registry}/team/shop:v2`, 'team/shop:v2'],
  [`${registry}/shop@sha256:${digest}`, 'shop@sha256:0123456789ab'],
  ['localhost:5000/shop:v2', 'shop:v2'],
  ['live', 'live'],
])('%s is %s in a heading', (image, short) => expect(shortImage(image)).toBe(short));
