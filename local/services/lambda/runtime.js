// Runs inside a worker thread, as one execution environment of one function: plain JavaScript, so that a thread
// starts without a TypeScript loader. The parent sends { event, context, now, remainingMs } as one message per
// invocation and receives { ready }, { payload } or { error }.
const { existsSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { setFlagsFromString } = require('node:v8');
const { runInNewContext } = require('node:vm');
const { parentPort, workerData } = require('node:worker_threads');

/** Cloud time may run faster than the machine's; a function must see the time its events and metrics carry. */
let cloudTimeAhead = 0;

function followCloudTime() {
  const MachineDate = Date;
  const now = () => MachineDate.now() + cloudTimeAhead;
  globalThis.Date = new Proxy(MachineDate, {
    construct: (Target, args, NewTarget) =>
      Reflect.construct(
        Target,
        args.length ? args : [now()],
        NewTarget === globalThis.Date ? Target : NewTarget,
      ),
    apply: () => new MachineDate(now()).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
  });
  return MachineDate;
}

const MachineDate = followCloudTime();

/** Node reads the variable where a process begins, and a thread is none. Source: Node.js documentation, "NODE_EXTRA_CA_CERTS". */
function trustExtraAuthorities() {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  if (!file) return;
  const tls = require('node:tls');
  const { createSecureContext } = tls;
  let extra;
  tls.createSecureContext = (options = {}) => {
    const made = createSecureContext(options);
    extra ??= readFileSync(file, 'utf8');
    if (!options.ca) made.context.addCACert(extra);
    return made;
  };
}

trustExtraAuthorities();

/** The error payload of Lambda's Node.js runtime. */
function describe(error) {
  if (!(error instanceof Error) && typeof error?.name !== 'string') {
    return { errorType: typeof error, errorMessage: String(error), stackTrace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    stackTrace: String(error.stack ?? '').split('\n'),
  };
}

/**
 * What Lambda's runtime prints of an error that leaves the handler: everything that anybody has put on it, which can be more
 * than should be in a log. Source: aws-lambda-nodejs-runtime-interface-client, src/utils/error.ts.
 */
function print(thrown, requestId) {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, code, stack } = error;
  let printed;
  try {
    printed = JSON.stringify({
      errorType: name,
      errorMessage: message,
      code,
      ...error,
      stack: stack?.split('\n'),
    });
  } catch {
    // what refers to itself cannot be written down
    printed = JSON.stringify(describe(error));
  }
  console.error([new Date().toISOString(), requestId, 'ERROR', 'Invoke Error ', printed].join('\t'));
}

async function load() {
  const [file, name] = workerData.handler.split(/\.(?=[^.]*$)/);
  const module = ['.js', '.cjs', '.mjs']
    .map((suffix) => join(workerData.root, file + suffix))
    .find(existsSync);
  if (!module) {
    return { errorType: 'Runtime.ImportModuleError', errorMessage: `Error: Cannot find module '${file}'` };
  }
  const loaded = module.endsWith('.mjs') ? await import(pathToFileURL(module).href) : require(module);
  const handler = loaded[name];
  if (typeof handler === 'function') return handler;
  return {
    errorType: 'Runtime.HandlerNotFound',
    errorMessage: `${workerData.handler} is undefined or not exported`,
  };
}

function call(handler, event, context) {
  return new Promise((resolve, reject) => {
    const result = handler(event, context, (error, data) => (error ? reject(error) : resolve(data)));
    if (typeof result?.then === 'function' || handler.length < 3) resolve(result);
  });
}

/**
 * Beside dozens of other environments this one collects its garbage itself: V8 would wait until the heap has grown far
 * beyond what it holds, which takes a seldom-used function hours. One that is invoked once in ten
 * executions would with a greater number still fill up over hundreds of them.
 */
const COLLECT_EVERY = 20;
let served = 0;
let collect;

function collectSometimes() {
  served += 1;
  if (served % COLLECT_EVERY !== 0) return;
  if (!collect) {
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc');
  }
  collect();
}

async function invoke(handler, { event, context, now, remainingMs }) {
  cloudTimeAhead = now - MachineDate.now();
  const ends = performance.now() + remainingMs;
  const full = {
    ...context,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(ends - performance.now())),
  };
  try {
    const payload = JSON.stringify(await call(handler, JSON.parse(event), full));
    parentPort.postMessage({ payload: payload ?? 'null' });
  } catch (error) {
    print(error, context.awsRequestId);
    parentPort.postMessage({ error: describe(error) });
  }
  collectSometimes();
}

load().then(
  (handler) => {
    if (typeof handler !== 'function') return parentPort.postMessage({ error: handler });
    parentPort.on('message', (invocation) => invoke(handler, invocation));
    parentPort.postMessage({ ready: true });
  },
  (error) => parentPort.postMessage({ error: describe(error) }),
);
