import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const template = join(__dirname, '..', '..', 'cdk.out', 'Shop.template.json');
const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as {
  Resources: Record<string, { Type: string }>;
};

/**
 * What a stack that is deployed keeps over every update: CloudFormation replaces a resource whose logical id changes, and with it
 * what it holds, the name that it has, or a custom resource's function, which no update may change.
 */
const KEPT = {
  'AWS::DynamoDB::Table': ['GreenlightJournal27F82D82'],
  'AWS::SNS::Topic': ['GreenlightAnnouncements35DC0D3E'],
  'AWS::StepFunctions::StateMachine': ['GreenlightDeployment04D8E2AE'],
  'AWS::Logs::LogGroup': ['GreenlightFunctionLogs4085E9D1', 'GreenlightDeploymentLogsCD54B97A'],
  'AWS::SSM::Parameter': ['GreenlightSettingsshopE20314E8', 'GreenlightWorkflow51D022DE'],
  'AWS::Lambda::Function': [
    'ShopTrafficRulesHoldRuleD7997A32',
    'ShopSlotsHoldSlot4219F114',
    'PackingHoldSlot9FBF7F79',
  ],
  'AWS::ElasticLoadBalancingV2::TargetGroup': [
    'ShopTargetsAA9CEB4DB',
    'ShopTargetsB58C3F994',
    'ShopMaintenanceTargetsC28CA362',
  ],
  'Custom::TrafficRule': ['ShopTrafficRulesProduction848688BD', 'ShopTrafficRulesTest0FBE0B4D'],
  'Custom::Slot': ['ShopSlotsA95E99FE0', 'ShopSlotsB39E86DEE', 'PackingService3B4E163A'],
};

test.each(Object.entries(KEPT).flatMap(([type, ids]) => ids.map((id) => [type, id])))(
  'an update of a stack keeps its %s %s',
  (type, id) => {
    expect(Resources[id!]?.Type).toBe(type);
  },
);
