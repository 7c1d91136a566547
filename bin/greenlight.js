#!/usr/bin/env node
// Plain JavaScript, because npm puts this file on the path and Node.js runs it before anything can read TypeScript.
require('tsx/cjs');
require('./greenlight.ts');
