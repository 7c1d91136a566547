import type { STS } from '@aws-sdk/client-sts';
import type { Clock } from '../../clock';
import { accessDenied } from '../../endpoint/errors';
import { principal } from '../../iam/denial';
import { ACCOUNT } from '../../names';
import type { Operations, Service } from '../../service';
import type { Iam } from '../iam';

const HOUR_SECONDS = 3_600;

/** STS as far as somebody becomes a role: whoever signs with the role's name is it, as everywhere in the local cloud. */
export function createSts({ clock, iam }: { clock: Clock; iam: Pick<Iam, 'roles'> }): Service {
  const operations: Operations<STS> = {
    GetCallerIdentity: (_, caller) => ({
      Account: ACCOUNT,
      Arn: principal(caller),
      UserId: caller.roleArn === undefined ? caller.accessKeyId : `AROALOCAL:${caller.accessKeyId}`,
    }),
    AssumeRole({ RoleArn, RoleSessionName, DurationSeconds = HOUR_SECONDS }, caller) {
      const role = iam.roles().find(({ arn }) => arn === RoleArn);
      // a role that is not there is told apart from one that nobody may become by no one
      if (!role)
        throw accessDenied(
          `User: ${principal(caller)} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
        );
      return {
        Credentials: {
          AccessKeyId: role.name,
          SecretAccessKey: 'local',
          SessionToken: 'local',
          // clients compare it with the machine's time, which the cloud's may have left behind
          Expiration: new Date(Math.max(clock.now(), Date.now()) + DurationSeconds * 1_000),
        },
        AssumedRoleUser: {
          AssumedRoleId: `AROALOCAL:${RoleSessionName}`,
          Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role.name}/${RoleSessionName}`,
        },
      };
    },
  };
  return { signingName: 'sts', operations };
}
