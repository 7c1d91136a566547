import * as z from 'zod';
import { events, people } from '../../src/aws/announcements';
import { lock } from '../../src/aws/lock';
import { recordWriter } from '../../src/aws/record';
import { deploymentSchema } from '../../src/domain/deployment';
import { greenSchema } from '../../src/domain/live';
import { allOn } from '../../src/domain/weights';
import { defineStep } from '../../src/runtime/define-step';

export const completeDeployment = defineStep({
  name: 'CompleteDeployment',
  uses: { recordWriter, events, people, lock },
  input: z.object({ deployment: deploymentSchema, green: greenSchema, retired: z.string() }),
  async run({ deployment, green, retired }, ports) {
    const { service } = deployment.settings;
    await ports.recordWriter.write(service, {
      slot: green.slot,
      weights: allOn(green.slot),
      taskDefinition: green.taskDefinition,
      image: deployment.image,
    });
    const detail = { deployment: deployment.id, service, image: deployment.image, reason: deployment.reason };
    await ports.events.put('DeploymentSucceeded', detail);
    await ports.people.tell(
      `${service}: ${deployment.asked} is live`,
      `${deployment.reason}\n\n${deployment.image} serves all traffic. ${retired}`,
    );
    // last: until here nobody else may start
    await ports.lock.release(service, deployment.id);
    return { outcome: 'DeploymentSucceeded', image: deployment.image, live: green.slot };
  },
});
