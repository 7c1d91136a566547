#!/usr/bin/env node
// What npm puts on the path. An installed package has a compiled command line; in a checkout it is compiled from the sources.
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const checkout = join(__dirname, '..', 'bin', 'greenlight.js');
require(existsSync(checkout) ? checkout : './dist/greenlight.js');
