import type { Found } from './found';
import { type Gap, gaps } from './gaps';
import { databaseOf, vpcOf } from './ground';
import { groupOf, linesOf, pascal, seconds } from './lines';
import { code, written } from './source';
import { containerOf, repositoryOf, roleOf } from './task';
import { trafficOf } from './traffic';

/** What an account does not know, and somebody has said. */
export interface Wanted {
  environment: string;
  tool?: string;
  /** What applies migrations, and what takes them back. */
  up?: string[];
  down?: string[];
}

/** An app that adopts the service. */
export interface Written {
  /** The text of its one source file. */
  text: string;
  gaps: Gap[];
  /** What a reader ought to know, beside what is refused. */
  remarks: string[];
}

function healthOf({ group }: Found): object | undefined {
  if (!group?.path) return undefined;
  return {
    path: group.path,
    healthyHttpCodes: group.codes,
    interval: seconds(group.interval),
    timeout: seconds(group.timeout),
    healthyThresholdCount: group.healthy,
    unhealthyThresholdCount: group.unhealthy,
  };
}

function remarksOf({ service, scales, task, balancer, group }: Found): string[] {
  const left = [
    ...task.others.map((name) => `the task definition ${task.family} has ${name}`),
    ...task.containers.flatMap(({ name, others }) => others.map((one) => `the container ${name} has ${one}`)),
  ];
  return [
    ...left.map((what) => `${what}, which is not written: add it, or its next revision is without`),
    ...(scales
      ? [
          `${service} is a scalable target, which stays what it is; slot b needs one of its own with the same policies (docs/operating.md)`,
        ]
      : []),
    ...(balancer &&
    group &&
    balancer.listeners.some(({ rules }) =>
      rules.some((rule) => rule.groups.length > 1 && rule.groups.includes(group.arn)),
    )
      ? [
          `a rule forwards to ${group.arn} and to another target group; a rule that is adopted has to forward to the first alone`,
        ]
      : []),
    `before the app is deployed, nobody else may declare ${service}, its task definition and the rules any more (docs/adopting.md, "Before: its owner lets go of it")`,
  ];
}

/** The app that adopts a service: what could not be read stands in it as `<…>`, and is listed. */
export function appOf(found: Found, { environment, tool, up, down }: Wanted): Written {
  const { account, region, cluster, service, task, targets, group } = found;
  const [open, lines] = [gaps(), linesOf()];
  const [target] = targets;
  const released = task.containers.find(({ name }) => name === target?.container) ?? task.containers[0];
  const vpc = vpcOf(found, lines, open);
  const securityGroups = found.securityGroups.map((id) => groupOf(lines, id, 'tasksGroup'));
  const roles = {
    taskRole: task.taskRole ? roleOf(lines, task.taskRole, 'taskRole') : undefined,
    executionRole: task.executionRole ? roleOf(lines, task.executionRole, 'executionRole') : undefined,
  };
  const repository = repositoryOf(lines, released?.image ?? '', open, account);
  const definition = lines.named(
    'taskDefinition',
    'task definition',
    (id) =>
      `new ecs.FargateTaskDefinition(this, ${id}, ${written(
        {
          family: task.family,
          cpu: Number(task.cpu),
          memoryLimitMiB: Number(task.memory),
          ...roles,
          ...(task.architecture === 'ARM64'
            ? {
                runtimePlatform: {
                  cpuArchitecture: code('ecs.CpuArchitecture.ARM64'),
                  operatingSystemFamily: code('ecs.OperatingSystemFamily.LINUX'),
                },
              }
            : {}),
        },
        '    ',
      )})`,
  );
  // the first container is the default one
  for (const container of [...task.containers].sort(
    (one, other) => Number(other === released) - Number(one === released),
  )) {
    const made = containerOf(lines, container, open, account);
    lines.all.push(
      `${definition.text}.addContainer(${JSON.stringify(container.name)}, ${written(made, '    ')});`,
    );
  }
  const manifests = lines.named(
    'manifests',
    'manifests',
    (id) =>
      `new s3.Bucket(this, ${id}, ${written({ blockPublicAccess: code('s3.BlockPublicAccess.BLOCK_ALL'), enforceSSL: true })})`,
  );
  const traffic = trafficOf(found, lines, open);
  const database = databaseOf(found, lines, open);
  const path = group?.path;
  const props = {
    serviceName: service,
    environment,
    cluster: lines.named(
      'cluster',
      'cluster',
      (id) => `ecs.Cluster.fromClusterAttributes(this, ${id}, ${written({ clusterName: cluster, vpc })})`,
    ),
    repository,
    taskDefinition: definition,
    desiredCount: found.desired,
    securityGroups,
    ...(found.publicIp
      ? { assignPublicIp: true, vpcSubnets: { subnetType: code('ec2.SubnetType.PUBLIC') } }
      : {}),
    adopt: {
      serviceName: service,
      targetGroup: group
        ? lines.named(
            'targets',
            group.arn,
            (id) =>
              `elb.ApplicationTargetGroup.fromTargetGroupAttributes(this, ${id}, ${written({ targetGroupArn: group.arn })})`,
          )
        : open.other('adopt.targetGroup', 'the target group in which the service serves'),
    },
    ...(target ? { target: { containerName: target.container, containerPort: target.port } } : {}),
    traffic,
    healthCheck: healthOf(found),
    deregistrationDelay: seconds(group?.deregistrationSeconds),
    ...(group?.protocol === 'HTTPS' ? { targetProtocol: code('elb.ApplicationProtocol.HTTPS') } : {}),
    ...(group?.protocolVersion && group.protocolVersion !== 'HTTP1'
      ? { protocolVersion: code(`elb.ApplicationProtocolVersion.${group.protocolVersion}`) }
      : {}),
    healthCheckGracePeriod: seconds(found.graceSeconds),
    database,
    migrations: {
      tool:
        tool ??
        open.other(
          'migrations.tool',
          'the tool that migrates the database: dbmate, flyway, prisma, …; greenlight check names those it knows',
        ),
      manifests,
      opaque: 'refuse',
      command: up ?? [
        open.text(
          'migrations.command',
          'what applies pending migrations in a task of the released image, a word each',
        ),
      ],
      revertCommand: down ?? [
        open.text(
          'migrations.revertCommand',
          'what takes migrations back, a word each; an empty list where nothing does',
        ),
      ],
      ...(found.publicIp ? { publicIp: true } : {}),
    },
    ...(path && (group?.codes ?? '200') === '200' ? { smokeTests: [{ path, status: 200 }] } : {}),
  };
  lines.all.push(
    `const service = new BlueGreenService(this, ${JSON.stringify(pascal(service))}, ${written(props, '    ')});`,
  );
  lines.all.push(
    `const workflow = new DeploymentWorkflow(this, "Greenlight", ${written({ services: [code('service')], configuration: code('readConfiguration(join(__dirname, "greenlight.json"))') }, '    ')});`,
  );
  lines.all.push('new CfnOutput(this, "StateMachineArn", { value: workflow.stateMachine.stateMachineArn });');
  lines.all.push('new CfnOutput(this, "ManifestsLocation", { value: service.manifestsLocation });');
  const stack = `${pascal(service)}Releases`;
  const text = `${HEAD}
/**
 * ${service} of ${cluster}, as it was read by greenlight init: it becomes slot a, with its tasks and its users.
 * What stands in <…> could not be read.
 */
class Releases extends Stack {
  constructor(app: App) {
    super(app, ${JSON.stringify(stack)}, ${written({ env: { account, region } })});
${lines.all.map((line) => `    ${line}`).join('\n')}
  }
}

const app = new App();
new Releases(app);
app.synth();
`;
  return { text: used(text), gaps: open.all, remarks: remarksOf(found) };
}

const MODULES: [name: string, module: string][] = [
  ['ec2', 'aws_ec2'],
  ['ecr', 'aws_ecr'],
  ['ecs', 'aws_ecs'],
  ['elb', 'aws_elasticloadbalancingv2'],
  ['iam', 'aws_iam'],
  ['logs', 'aws_logs'],
  ['rds', 'aws_rds'],
  ['s3', 'aws_s3'],
  ['secretsmanager', 'aws_secretsmanager'],
  ['ssm', 'aws_ssm'],
];
const HEAD = '<imports>';

/** With the imports that it needs. */
function used(text: string): string {
  const plain = ['App', 'CfnOutput', 'Duration', 'Stack'].filter((name) =>
    new RegExp(`\\b${name}\\b`).test(text),
  );
  const modules = MODULES.filter(([name]) => new RegExp(`\\b${name}\\.`).test(text));
  const names = [...plain, ...modules.map(([name, module]) => `${module} as ${name}`)];
  return text.replace(
    HEAD,
    [
      'import { join } from "node:path";',
      `import {\n${names.map((name) => `  ${name},`).join('\n')}\n} from "aws-cdk-lib";`,
      'import { BlueGreenService, DeploymentWorkflow, readConfiguration } from "greenlight";',
    ].join('\n'),
  );
}
