#!/usr/bin/env node
// Plain JavaScript, because npm puts this file on the path and Node.js runs it before anything can read TypeScript.
// the SDK's advice about Node's version is for developers
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
require('tsx/cjs');
require('./greenlight.ts');
