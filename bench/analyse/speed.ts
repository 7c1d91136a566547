import { ask } from '../frame/ask';
import type { Measurement } from '../frame/row';
import { filesOf } from './release';
import { installed, secondsFor, written } from './squawk';

const FILES =
  'files of three statements of the corpus each, without a catalog, in a process of its own after the parser is loaded; squawk as a whole process on the same files';

export const speed: Measurement = {
  rows: {
    parser: { name: 'the first statement is judged, the parser loaded', unit: 's', how: 'in a new process' },
    small: { name: '300 files are judged', unit: 's', how: FILES },
    large: { name: '2,500 files are judged', unit: 's', how: FILES },
  },
  sample: (build) => ask(build, 'analyse/judge.ts'),
  beside: {
    ...installed,
    sample: async () => ({
      small: secondsFor(written(filesOf(300))),
      large: secondsFor(written(filesOf(2_500))),
    }),
  },
};
