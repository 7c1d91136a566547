import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { definePort } from '../domain/port';

/** The settings of the services this workflow deploys, as JSON text; undefined for a service it does not know. */
export interface SettingsStore {
  read(service: string): Promise<string | undefined>;
}

export const settings = definePort<SettingsStore>({
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
});
