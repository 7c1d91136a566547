/** A route of an HTTP API, as its template has it. */
export interface Route {
  /** `POST /deployments/{name}`. */
  key: string;
  authorization: 'AWS_IAM' | 'NONE';
  /** Of the integration that it leads to. */
  integration: string;
}

export interface Match {
  route: Route;
  /** Decoded. */
  parameters: Record<string, string>;
}

const partsOf = (path: string) => path.split('/').filter(Boolean);
const isVariable = (part: string) => part.startsWith('{');

/** The parameters of the path where the route is for it. */
function parametersOf({ key }: Route, method: string, path: string): Record<string, string> | undefined {
  const [wanted = '', pattern = ''] = key.split(' ');
  if (wanted !== method && wanted !== 'ANY') return undefined;
  const [expected, given] = [partsOf(pattern), partsOf(path)];
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    if (isVariable(part)) parameters[part.slice(1, -1)] = decodeURIComponent(given[index]!);
    else if (part !== given[index]) return undefined;
  }
  return parameters;
}

const variables = ({ key }: Route) => partsOf(key).filter(isVariable).length;

/**
 * The route for a request; one with fewer variables comes first. Source: Amazon API Gateway Developer Guide, "Create routes for
 * HTTP APIs".
 */
export function matching(routes: Iterable<Route>, method: string, path: string): Match | undefined {
  const found = [...routes].flatMap((route) => {
    const parameters = parametersOf(route, method, path);
    return parameters ? [{ route, parameters }] : [];
  });
  return found.sort((one, other) => variables(one.route) - variables(other.route))[0];
}
