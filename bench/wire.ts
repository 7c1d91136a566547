import { ask } from './frame/ask';
import type { Bench } from './frame/row';

const CALL =
  'a call through the SDK of one that answers at once, client and server in one process, on average of 1,000 in a row';

export const wire: Bench = {
  about: "calls to the local cloud's endpoint",
  measurements: [
    {
      rows: {
        ready: {
          name: 'an endpoint for two services is ready',
          unit: 'ms',
          how: 'from the call that starts it, in a process that has loaded it',
        },
        query: { name: 'a query call (RDS)', unit: 'ms', how: CALL },
        json: { name: 'a JSON call (ECS)', unit: 'ms', how: CALL },
      },
      sample: (build) => ask(build, 'wire/calls.ts'),
      beside: 'earlier',
    },
  ],
};
