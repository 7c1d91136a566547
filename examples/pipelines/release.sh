#!/usr/bin/env bash
# Releases an image from anywhere: checks what its migrations would do, says which they are, deploys it, waits, and reports.
#
#   GREENLIGHT_WORKFLOW=Shop MANIFESTS=s3://releases/shop IMAGE=123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:... \
#     ./release.sh shop db "customers may leave a note with an order"
#
# Region and credentials are the SDK's own: AWS_REGION, AWS_PROFILE. SINCE is the git ref that is live (v1, a tag, a commit); without it
# every migration is checked. Leaves report.md. The exit code is that of `greenlight deploy`: 0 when the version is live.
set -euo pipefail

if [ $# -ne 3 ]; then
  echo "usage: release.sh SERVICE MIGRATIONS REASON" >&2
  exit 2
fi
service=$1 migrations=$2 reason=$3
: "${GREENLIGHT_WORKFLOW:?is the CloudFormation stack of the workflow}"
: "${MANIFESTS:?is s3://<bucket>/<prefix>, as the settings of the service have it}"
: "${IMAGE:?is <repository>@sha256:<digest>}"
deployment=$service-${IMAGE: -12}-$(date -u +%Y%m%d-%H%M%S)

npx greenlight check "$migrations" ${SINCE:+--since "$SINCE"}
npx greenlight bundle "$migrations" --s3 "$MANIFESTS/${IMAGE##*@sha256:}.json"
code=0
npx greenlight deploy --service "$service" --image "$IMAGE" --name "$deployment" --reason "$reason" --yes || code=$?
npx greenlight report "$deployment" --format markdown > report.md
exit "$code"
