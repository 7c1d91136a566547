import { ask } from './frame/ask';
import { atLeastTimes, type Bench } from './frame/row';

const LOOP =
  'an execution on a virtual clock that goes round 1,000 times, the median of five in one process after a first';
const unit = 'transitions/s';

export const asl: Bench = {
  about: "the local cloud's States Language interpreter",
  measurements: [
    {
      rows: {
        jsonPath: { name: 'a Choice and a Pass in JSONPath', unit, how: LOOP },
        jsonata: { name: 'a Choice and a Pass in JSONata', unit, how: LOOP, wanted: [atLeastTimes(2)] },
        deployment: { name: 'a Task and its Choice as a deployment has them, JSONata', unit, how: LOOP },
      },
      sample: (build) => ask(build, 'asl/rounds.ts'),
      beside: 'earlier',
    },
  ],
};
