import { randomBytes } from 'node:crypto';
import { arn } from '../../names';

/** ELB's names are at most 32 characters. */
export const LONGEST_NAME = 32;

const uniquePart = () => randomBytes(8).toString('hex');

/** A physical name cut to ELB's length; cut names end in random characters, as CloudFormation makes them. */
export function shortName(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9-]/g, '-').replace(/^-+|-+$/g, '');
  return plain.length <= LONGEST_NAME
    ? plain
    : `${plain.slice(0, LONGEST_NAME - 7).replace(/-+$/, '')}-${uniquePart().slice(0, 6)}`;
}

const elbArn = (resource: string) => arn('elasticloadbalancing', resource);

/** The full name is the part of the ARN that metrics name: `app/<name>/<id>`. */
export function loadBalancerNames(name: string): { arn: string; fullName: string } {
  const fullName = `app/${name}/${uniquePart()}`;
  return { arn: elbArn(`loadbalancer/${fullName}`), fullName };
}

/** `targetgroup/<name>/<id>` */
export function targetGroupNames(name: string): { arn: string; fullName: string } {
  const fullName = `targetgroup/${name}/${uniquePart()}`;
  return { arn: elbArn(fullName), fullName };
}

export const listenerArn = (loadBalancerFullName: string) =>
  elbArn(`listener/${loadBalancerFullName}/${uniquePart()}`);

export const ruleArn = (listener: string) =>
  `${listener.replace(':listener/', ':listener-rule/')}/${uniquePart()}`;
