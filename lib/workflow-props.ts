import type { ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import type { Configuration } from '../src/domain/settings/environments';
import type { DeployedService } from './deployed-service';

/** What a `DeploymentWorkflow` is made of. */
export interface DeploymentWorkflowProps {
  /** Those that it deploys, each by its own name. */
  services: DeployedService[];
  /**
   * By which the command line finds it (`--workflow`), and what its events say in `detail.workflow`: letters, digits, `.`, `-` and `_`.
   * @default the stack's name, which one workflow of a stack can have
   */
  name?: string;
  /** How each environment deploys, as `readConfiguration` reads it. @default the built-in policies hold */
  configuration?: Configuration;
  /** Where the functions that read the database run. */
  vpc: IVpc;
  /** Theirs: the database has to let it in. */
  securityGroup: ISecurityGroup;
}
