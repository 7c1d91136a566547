type Parser = typeof import('libpg-query');

let loaded: Parser | undefined;

/**
 * Loads PostgreSQL's own parser once; it takes about 50 ms. Not before there is something to parse: most runs of the functions
 * and of the command line see no SQL.
 */
export async function loadParser(): Promise<void> {
  loaded ??= await import('libpg-query');
  await loaded.loadModule();
}

/** @throws Error before `loadParser` */
export function parser(): Parser {
  if (loaded === undefined) throw new Error('the parser is not loaded; await loadParser() first');
  return loaded;
}
