import { GetParameterCommand, paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
import type { Settings } from '../domain/settings/settings';
import { readSettings } from '../domain/settings/stored';
import type { Port } from '../domain/step/port';

/** The settings of the services this workflow deploys, as JSON text; undefined for a service it does not know. */
export interface SettingsStore {
  read(service: string): Promise<string | undefined>;
}

export const settings: Port<SettingsStore> = {
  grants: [{ sid: 'Settings', actions: ['ssm:GetParameter'], on: ['settings'] }],
  open({ settingsPrefix }) {
    const ssm = new SSMClient({});
    return {
      async read(service) {
        try {
          const { Parameter } = await ssm.send(
            new GetParameterCommand({ Name: `${settingsPrefix}/${service}` }),
          );
          return Parameter?.Value;
        } catch (error) {
          if ((error as Error).name === 'ParameterNotFound') return undefined;
          throw error;
        }
      },
    };
  },
};

/** A service's windows as they are by now: a freeze that is declared holds deployments that were asked for before it. */
export async function windowsNow(
  store: SettingsStore,
  { service, windows }: Pick<Settings, 'service' | 'windows'>,
): Promise<Settings['windows']> {
  const text = await store.read(service);
  const read = text === undefined ? undefined : readSettings(text, 'settings');
  return read && 'settings' in read ? read.settings.windows : windows;
}

/** The settings of all services, as JSON text. */
export interface AllSettings {
  all(): Promise<string[]>;
}

export const allSettings: Port<AllSettings> = {
  grants: [{ sid: 'AllSettings', actions: ['ssm:GetParametersByPath'], on: ['settingsPath'] }],
  open({ settingsPrefix }) {
    const client = new SSMClient({});
    return {
      async all() {
        const found: string[] = [];
        for await (const { Parameters = [] } of paginateGetParametersByPath(
          { client },
          { Path: settingsPrefix },
        ))
          for (const { Value } of Parameters) if (Value !== undefined) found.push(Value);
        return found;
      },
    };
  },
};
