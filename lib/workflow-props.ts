import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Configuration } from '../src/domain/settings/environments';
import type { DeployedService } from './deployed-service';

/** What a `DeploymentWorkflow` is made of. */
export interface DeploymentWorkflowProps {
  /** Those that it deploys, each by its own name. */
  services: DeployedService[];
  /** How each environment deploys, as `readConfiguration` reads it. @default the built-in policies hold */
  configuration?: Configuration;
  /** Where the functions that read the database run. */
  vpc: IVpc;
  /** Theirs: the database has to let it in. */
  securityGroup: ISecurityGroup;
}
