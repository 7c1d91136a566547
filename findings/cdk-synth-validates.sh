#!/usr/bin/env bash
# aws-cdk-lib 2.276.0 validates every template at every synthesis, and that takes longer than the synthesis.
#
# Since 2.262.0 an app runs @aws/cloudformation-validate, a rule engine in WebAssembly, when it synthesises: also with
# `cdk diff`, `cdk ls` and `cdk deploy`, and in programs that never call the CDK's command line. Constructing the engine costs
# most of it, so an app of one bucket pays as well. Findings are warnings by default. CDK_VALIDATION=false in the environment, or
# `new App({ builtinCloudFormationValidation: false })`, leaves it out; the template is the same to the byte.
#
# seen 2026-11-30, aws-cdk-lib 2.276.0, node 20 (CPU seconds of a busy machine; the ratio is what is checked):
#   one bucket: 2.3 s validated, 0.2 s not; the same template: true
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-cdk-lib@2.276.0 constructs@10.8.1 >/dev/null 2>&1
cat >app.js <<'APP'
const { App, Stack } = require('aws-cdk-lib');
const { Bucket } = require('aws-cdk-lib/aws-s3');
const app = new App({ outdir: process.argv[2] });
new Bucket(new Stack(app, 'One'), 'Bucket');
app.synth();
const { user, system } = process.cpuUsage();
console.log(((user + system) / 1e6).toFixed(1));
APP
node app.js warm >/dev/null 2>&1
on=$(node app.js on 2>/dev/null | tail -1)
off=$(CDK_VALIDATION=false node app.js off 2>/dev/null | tail -1)
same=$(cmp -s on/One.template.json off/One.template.json && echo true || echo false)
echo "one bucket: $on s validated, $off s not; the same template: $same"
awk -v on="$on" -v off="$off" 'BEGIN { exit !(on > 2 * off) }' && [ "$same" = true ] || { echo "this has changed"; exit 1; }
