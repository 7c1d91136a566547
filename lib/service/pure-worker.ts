import type { Connections, IConnectable } from 'aws-cdk-lib/aws-ec2';
import type { Construct } from 'constructs';
import type { ServiceSettings } from '../../src/domain/settings/environments';
import { WorkerSlot } from '../held/slots';
import { letTasksIn } from './clients';
import { DeployedService, type ServiceParts } from './deployed-service';
import { mustHave, OF_EVERY_SERVICE } from './missing';
import type { ServiceProps, ServiceSlot } from './service-props';
import { manifestsLocation, partsOf, settingsOf } from './service-settings';

/**
 * A service without a load balancer, which answers nobody: one Amazon ECS service, whose tasks are replaced in place. A
 * `DeploymentWorkflow` deploys it.
 */
export class PureWorker extends DeployedService implements IConnectable {
  /** How the workflow stores it for its steps, but for what `greenlight.json` says of its environment. */
  readonly settings: ServiceSettings;
  /** What the roles of the workflow may touch. */
  readonly parts: ServiceParts;
  /** Its Amazon ECS service. */
  readonly slot: ServiceSlot;
  /** Of its tasks. */
  readonly connections: Connections;
  /** Where `greenlight bundle --s3` puts the releases' manifests. */
  readonly manifestsLocation: string;

  /** @throws Error for props that nothing can be made of; a `DeploymentWorkflow` throws for those that no service can be deployed by */
  constructor(scope: Construct, id: string, props: ServiceProps) {
    super(scope, id);
    mustHave(this.node.path, props, OF_EVERY_SERVICE);
    const { service, connections } = new WorkerSlot(this, 'Slot', props);
    this.slot = { ...service, slot: 'a' };
    this.connections = connections;
    const { securityGroups } = connections;
    this.settings = settingsOf(this, props, { slots: [this.slot], securityGroups, traffic: null });
    this.parts = partsOf(this, props, [this.slot]);
    this.manifestsLocation = manifestsLocation(props);
    letTasksIn(this, props);
  }
}
