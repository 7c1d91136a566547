import { deploymentNameOf } from '../../../src/domain/request/name';
import { deploymentName } from '../../../src/domain/request/resume';

const now = new Date('2026-01-30T10:15:00.500Z');
const digest = 'ab'.repeat(32);

it.each([
  ['shop', 'shop:v2', 'shop-v2-20260130-101500'],
  ['shop', '000000000000.dkr.ecr.eu-west-1.amazonaws.com/shop:v2', 'shop-v2-20260130-101500'],
  ['shop', `shop@sha256:${digest}`, 'shop-abababababab-20260130-101500'],
  ['shop', 'live', 'shop-live-20260130-101500'],
])('a deployment of %s with %s can be recognised', (service, image, name) =>
  expect(deploymentNameOf({ service, image }, now)).toBe(name),
);

it('leaves room for what resumes the deployment, and keeps the second, however long names are', () => {
  const name = deploymentNameOf({ service: 's'.repeat(63), image: `shop:${'v'.repeat(128)}` }, now);
  expect(name).toHaveLength(64);
  expect(name).toMatch(/-20260130-101500$/);
  expect(deploymentName.safeParse(name).success).toBe(true);
});
