import { GetParameterCommand, paginateGetParametersByPath, SSMClient } from '@aws-sdk/client-ssm';
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
