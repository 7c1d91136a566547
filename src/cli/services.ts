import { allSettings } from '../aws/settings';
import type { Settings } from '../domain/settings/settings';
import { readSettings } from '../domain/settings/stored';
import type { Environment } from '../domain/step/port';
import { shown } from '../domain/text/printable';

/** The settings of a workflow's services, by their names; of one where it is named. Throws for one that there is not. */
export async function servicesOf(workflow: Environment, named: string | undefined): Promise<Settings[]> {
  const texts = await allSettings.open(workflow).all();
  const all = texts.map((text) => {
    const read = readSettings(text, 'settings');
    if ('settings' in read) return read.settings;
    throw new Error(`the settings of a service cannot be read: ${read.problems.join('; ')}`);
  });
  const names = all.map(({ service }) => service).sort();
  const wanted = names.filter((name) => named === undefined || name === named);
  if (named !== undefined && wanted.length === 0)
    throw new Error(`there is no service ${shown(named)}, there are ${names.join(', ')}`);
  return wanted.flatMap((name) => all.filter(({ service }) => service === name));
}
