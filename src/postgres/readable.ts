import { TransientFault } from '../domain/step/errors';

/**
 * What a look at the database saw. For a step that cannot decide anything without: it is tried again.
 * @throws TransientFault where the database could not be read
 */
export function readable<Seen extends object>(
  look: Seen | { unreachable: string },
  database = 'the database',
): Seen {
  if ('unreachable' in look) throw new TransientFault(`${database} cannot be read: ${look.unreachable}`);
  return look;
}
