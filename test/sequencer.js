const { join } = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;
const { longest, scenariosOnly } = require('./suites.js');

const first = [...longest, ...scenariosOnly].map((name) => join(__dirname, `${name}.test.ts`));

/** Longest first: one that begins last would have the machine to itself while the other worker waits. */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) => (first.includes(path) ? first.indexOf(path) : first.length);
    return [...super.sort(tests)].sort((one, other) => place(one) - place(other));
  }
};
