import { randomBytes } from 'node:crypto';
import { arn } from '../../names';

/** 32 hexadecimal digits, as the ids of tasks. */
export const taskId = () => randomBytes(16).toString('hex');

export const clusterArn = (name: string) => arn('ecs', `cluster/${name}`);
export const serviceArn = (cluster: string, name: string) => arn('ecs', `service/${cluster}/${name}`);
export const taskArn = (cluster: string, id: string) => arn('ecs', `task/${cluster}/${id}`);
export const definitionArn = (family: string, revision: number) =>
  arn('ecs', `task-definition/${family}:${revision}`);
export const containerArn = (cluster: string, task: string, id: string) =>
  arn('ecs', `container/${cluster}/${task}/${id}`);
export const deploymentId = () =>
  `ecs-svc/${BigInt(`0x${randomBytes(8).toString('hex')}`)
    .toString()
    .padStart(19, '0')}`;

/** What clusters, services and families may be called. */
export const NAME = /^[A-Za-z0-9_-]{1,255}$/;

/** The last part of an ARN, or the name itself. */
export const lastPart = (nameOrArn: string) => nameOrArn.split('/').at(-1)!;

/** The role's name of a role ARN. */
export const roleName = (roleArn: string) => lastPart(roleArn);
