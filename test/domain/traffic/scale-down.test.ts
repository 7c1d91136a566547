import { mayScaleDown } from '../../../src/domain/traffic/scale-down';

const side = { weight: 0, sinceChange: 200, soakSeconds: 120, requests: 0, otherRequests: 5000 };

it('lets a side go that has weight 0, has soaked and receives nothing while the other side does', () =>
  expect(mayScaleDown(side)).toEqual({ yes: true }));

it.each([
  ['it still has weight 1', { weight: 1 }],
  ['it has had weight 0 for 119 of 120 s', { sinceChange: 119.9 }],
  ['it still received 1 requests in the last 120 s', { requests: 1 }],
  ['no requests are counted on either side yet, so silence proves nothing', { otherRequests: 0 }],
])('keeps it, because %s', (because, difference) =>
  expect(mayScaleDown({ ...side, ...difference })).toEqual({ yes: false, because }),
);

it('lets an idle service go after two soaks', () =>
  expect(mayScaleDown({ ...side, otherRequests: 0, sinceChange: 240 })).toEqual({ yes: true }));
