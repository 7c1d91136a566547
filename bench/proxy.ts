import { ask } from './frame/ask';
import { atLeastTimes, atMost, atMostTimes, type Bench } from './frame/row';
import { nginx } from './proxy/nginx';

const STEADY =
  '64 connections that ask again as soon as they are answered, one server behind it; load, server and load balancer are processes of their own, and nginx has one worker';
const MOVING =
  'under the same load, a quarter of it answered after 50 ms, while the weights go from blue to green in four steps, blue is drained and its server stops';

export const proxy: Bench = {
  about: "the local cloud's load balancer, beside nginx",
  measurements: [
    {
      rows: {
        perSecond: {
          name: 'load balancer, 64 connections',
          unit: 'requests/s',
          how: STEADY,
          wanted: [atLeastTimes(0.5)],
        },
        p50: { name: 'load balancer, median', unit: 'ms', how: STEADY },
        p99: { name: 'load balancer, 99th percentile', unit: 'ms', how: STEADY, wanted: [atMostTimes(3)] },
        alone: {
          name: 'the server alone',
          unit: 'requests/s',
          how: 'the same load without anything between',
        },
      },
      sample: (build) => ask(build, 'proxy/steady.ts'),
      beside: nginx,
      runs: 9,
    },
    {
      rows: {
        moved: { name: 'requests during shifts, draining and stop', unit: '', how: MOVING },
        lost: {
          name: 'requests lost during shifts, draining and stop',
          unit: '',
          how: MOVING,
          wanted: [atMost(0)],
        },
      },
      sample: (build) => ask(build, 'proxy/moving.ts'),
      beside: 'earlier',
      runs: 3,
    },
  ],
};
