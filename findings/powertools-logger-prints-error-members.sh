#!/usr/bin/env bash
# @aws-lambda-powertools/logger 2.36.0: an error that is logged brings every member that anybody has put on it.
#
# `logger.error('…', error)` and `{ error }` print name, location, message and stack, and then each enumerable member. On an
# error of PostgreSQL's driver that is `detail`, in which the server repeats the row: a unique violation puts the value of a
# customer's column into CloudWatch. The message alone has only the names of constraint and table.
#
# seen 2026-11-30, @aws-lambda-powertools/logger 2.36.0, pg-protocol 1.10.3:
#   as an error: detail is logged: true
#   as { name, message }: detail is logged: false
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund @aws-lambda-powertools/logger@2.36.0 pg-protocol@1.10.3 >/dev/null 2>&1
cat >probe.js <<'JS'
const { Logger } = require('@aws-lambda-powertools/logger');
const { DatabaseError } = require('pg-protocol');
const error = new DatabaseError('duplicate key value violates unique constraint "customers_email_key"', 100, 'error');
error.detail = 'Key (email)=(ann@example.org) already exists.';
const { name, message } = error;
new Logger().error('failed', process.argv[2] === 'error' ? error : { error: { name, message } });
JS
# errors go to standard error
logged() { if node probe.js "$1" 2>&1 | grep -q 'ann@example.org'; then echo true; else echo false; fi; }
whole=$(logged error)
parts=$(logged parts)
echo "as an error: detail is logged: $whole"
echo "as { name, message }: detail is logged: $parts"
[ "$whole $parts" = "true false" ] || { echo "this has changed"; exit 1; }
