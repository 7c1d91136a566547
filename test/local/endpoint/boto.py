"""Sends random input through boto3 to the echo endpoint and compares both ends: an independent client.

usage: boto.py <endpoint url> <rounds>; exit 0: all agree, 1: some do not, 3: boto3 is not installed
"""

import base64
import datetime
import json
import re
import random
import sys
import urllib.request
import warnings

warnings.filterwarnings("ignore")
try:
    import boto3
    import botocore.session
    from botocore import xform_name
    from botocore.config import Config
except ImportError:
    sys.exit(3)

SERVICES = {
    "rds": "rds",
    "ecs": "ecs",
    "elbv2": "elasticloadbalancing",
    "stepfunctions": "states",
    "dynamodb": "dynamodb",
    "secretsmanager": "secretsmanager",
    "events": "events",
    "sns": "sns",
    "cloudwatch": "monitoring",
    "ssm": "ssm",
    "ecr": "ecr",
    "logs": "logs",
}
TEXTS = ["alpha", "b-2", "x<y>&\"z'", "é😀", "a b", "100%+=/", "日本"]
CLIENT_SIDE = {"EndpointId", "SourceRegion", "PreSignedUrl", "AccountId"}
DEEPEST = 5


OLDER_MODEL = re.compile(r"Value null at '[^']+' failed to satisfy constraint: Member must not be null")

def structure(shape, rng, depth):
    members = list(shape.members.items())
    if getattr(shape, "is_tagged_union", False):
        name, member = rng.choice(members)
        return {name: generate(member, rng, depth + 1)}
    result = {}
    for name, member in members:
        if name in shape.required_members or (depth < DEEPEST and rng.random() < 0.8):
            result[name] = generate(member, rng, depth + 1)
    if not result and members:
        name, member = members[0]
        result[name] = generate(member, rng, depth + 1)
    return result


def generate(shape, rng, depth=0):
    kind, bounds = shape.type_name, shape.metadata
    if kind == "structure":
        return structure(shape, rng, depth)
    if kind == "list":
        length = 0 if depth > DEEPEST else rng.randint(0, 3)
        return [generate(shape.member, rng, depth + 1) for _ in range(max(bounds.get("min", 0), length))]
    if kind == "map":
        shortest = shape.key.metadata.get("min", 0)
        return {f"k{i}".ljust(shortest, "k"): generate(shape.value, rng, depth + 1) for i in range(1 + rng.randint(0, 2))}
    if kind == "blob":
        return bytes([0, 255, rng.randint(0, 255)])
    if kind == "timestamp":
        return datetime.datetime.fromtimestamp(1700000000 + rng.randint(0, 10**8), datetime.timezone.utc)
    if kind == "boolean":
        return rng.random() < 0.5
    if kind in ("integer", "long"):
        return max(bounds.get("min", 0), min(rng.randint(1, 1000), bounds.get("max", 10**9)))
    if kind in ("float", "double"):
        return 1.5
    text = rng.choice(TEXTS) + str(rng.randint(0, 99))
    return text + "w" * max(0, bounds.get("min", 0) - len(text))


def canonical(value):
    if isinstance(value, datetime.datetime):
        return "@%d" % round(value.timestamp() * 1000)
    if isinstance(value, (bytes, bytearray)):
        return "b64:" + base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {k: canonical(v) for k, v in value.items() if v is not None and k != "ResponseMetadata"}
    if isinstance(value, list):
        return [canonical(item) for item in value]
    return value


def lost(known, other, path=""):
    """Differences in what botocore knows; the SDK's newer schema may know more members."""
    if isinstance(known, dict) and isinstance(other, dict):
        for name in known:
            if name not in other:
                yield f"{path}.{name}: lost"
            else:
                yield from lost(known[name], other[name], f"{path}.{name}")
    elif isinstance(known, list) and isinstance(other, list):
        if len(known) != len(other):
            yield f"{path}: {len(known)} items != {len(other)}"
        for i, (a, b) in enumerate(zip(known, other)):
            yield from lost(a, b, f"{path}[{i}]")
    elif known != other:
        yield f"{path}: {known!r} != {other!r}"


def unread(shape, sent, got, path=""):
    """Members that the endpoint sent, that botocore's model has, and that did not arrive."""
    if shape.type_name == "structure" and isinstance(sent, dict) and isinstance(got, dict):
        for name, member in shape.members.items():
            if name in sent and name not in got:
                yield f"{path}.{name}: not read"
            elif name in sent:
                yield from unread(member, sent[name], got[name], f"{path}.{name}")
    elif shape.type_name == "list" and isinstance(sent, list) and isinstance(got, list):
        for i, (a, b) in enumerate(zip(sent, got)):
            yield from unread(shape.member, a, b, f"{path}[{i}]")


def exchange(client, operation, endpoint, seed):
    model = client.meta.service_model.operation_model(operation)
    rng = random.Random(seed)
    params = generate(model.input_shape, rng) if model.input_shape else {}
    params = {name: value for name, value in params.items() if name not in CLIENT_SIDE}
    got = getattr(client, xform_name(operation))(**params)
    with urllib.request.urlopen(f"{endpoint}/_exchange") as response:
        far = json.load(response)
    yield from lost(canonical(params), far["input"], "input")
    yield from lost(canonical(got), far["output"], "output")
    if model.output_shape:
        yield from unread(model.output_shape, far["output"], got, "output")


def streams(model):
    return model.has_event_stream_output or model.has_event_stream_input


def main(endpoint, rounds):
    session = botocore.session.get_session()
    session.set_credentials("tester", "none")
    config = Config(retries={"max_attempts": 0}, inject_host_prefix=False)
    with urllib.request.urlopen(f"{endpoint}/_operations") as response:
        served = json.load(response)
    print("boto3", boto3.__version__)
    wrong = 0
    for name, signing_name in SERVICES.items():
        client = session.create_client(name, region_name="eu-west-1", endpoint_url=endpoint, config=config)
        model = client.meta.service_model
        operations = [o for o in model.operation_names if o in served[signing_name]]
        mismatches = []
        refused = set()
        for operation in operations:
            for i in range(rounds):
                try:
                    found = list(exchange(client, operation, endpoint, f"{operation}{i}"))
                except Exception as error:
                    # an older model leaves out what the endpoint's newer one requires: refusing it is right
                    if OLDER_MODEL.search(str(error)):
                        refused.add(operation)
                        continue
                    found = [f"threw {type(error).__name__}: {error}"]
                mismatches += [f"{operation} {text[:200]}" for text in found[:1]]
        wrong += len(mismatches)
        print(f"{name:15} {model.metadata['protocol']:14} {len(operations)} operations, "
              f"{len(operations) * rounds} calls, {len(mismatches)} mismatches"
              + (f"; refused for a member that this client's older model does not require: {', '.join(sorted(refused))}" if refused else ""),
              flush=True)
        for mismatch in mismatches[:5]:
            print("  " + mismatch)
    return 1 if wrong else 0


sys.exit(main(sys.argv[1], int(sys.argv[2])))
