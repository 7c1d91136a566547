import { Stack } from 'aws-cdk-lib';
import { ParameterTier, StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { type Configuration, settingsIn } from '../../src/domain/settings/environments';
import { toStore } from '../../src/domain/settings/stored';
import { keysOf } from '../rights/reach';
import type { DeployedService } from '../service/deployed-service';

/** How each service is deployed, for the steps. */
export function storeSettings(
  scope: Construct,
  prefix: string,
  { services, configuration }: { services: readonly DeployedService[]; configuration: Configuration },
): void {
  for (const service of services) {
    const { settings } = service;
    new StringParameter(scope, `Settings${settings.service}`, {
      parameterName: `${prefix}/${settings.service}`,
      stringValue: Stack.of(scope).toJsonString(
        toStore({ ...settingsIn(settings, configuration), keys: keysOf([service]) }),
      ),
      description: `How ${settings.service} is deployed`,
      // with ARNs written out the settings may pass the standard tier's 4 KB
      tier: ParameterTier.INTELLIGENT_TIERING,
    });
  }
}

/** What belongs to the workflow, for the command line. */
export function storeWhereabouts(
  scope: Construct,
  parameterName: string,
  whereabouts: {
    table: string;
    stateMachine: string;
    topic: string;
    reports: string;
    redact: string[];
    alarms: string[];
  },
): void {
  new StringParameter(scope, 'Workflow', {
    parameterName,
    stringValue: Stack.of(scope).toJsonString(whereabouts),
    description: 'What the greenlight command line needs to know of this workflow',
  });
}
