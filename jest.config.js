// the SDK's advice about Node's version would stand before every suite
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** One command, `npm test`, runs every suite; a suite that needs a database or a cloud starts its own. */
module.exports = {
  testEnvironment: 'node',
  testSequencer: './test/sequencer.js',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  modulePathIgnorePatterns: ['<rootDir>/cdk.out', '<rootDir>/build', '<rootDir>/test/tools/node_modules'],
  // temporary files are removed at the end, and what was compiled is the same the next time
  cacheDirectory: '<rootDir>/build/jest',
  testTimeout: 60_000,
};
