#!/usr/bin/env node
// What npm puts on the path. An installed package is compiled; in a checkout it is compiled from the sources.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const checkout = join(__dirname, '..', 'bin', 'run.js');
if (existsSync(checkout)) process.argv.splice(2, 0, join(__dirname, 'main.ts'));
require(existsSync(checkout) ? checkout : './dist/main.js');
