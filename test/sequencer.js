const Sequencer = require('@jest/test-sequencer').default;

/** The suites of minutes. A file's size, by which a first run is ordered, says nothing of them. */
const LONGEST = [
  'together/releases',
  'faults/sample',
  'migrations/contract',
  'migrations/proofs',
  'local/main',
];

/** Longest first: one that begins last would have the machine to itself while the other worker waits. */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => {
      const at = LONGEST.findIndex((name) => path.endsWith(`${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return [...super.sort(tests)].sort((one, other) => place(one) - place(other));
  }
};
