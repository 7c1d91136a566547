import { heldBy, reachedBeside } from '../../../src/domain/deployment/controller';

it.each([
  [{ controller: 'ECS' }, undefined],
  [{ controller: 'ECS', strategy: 'ROLLING' }, undefined],
  [{ controller: 'CODE_DEPLOY' }, /^shop-a has the deployment controller CODE_DEPLOY.*create it anew/],
  [{ controller: 'EXTERNAL' }, /^shop-a has the deployment controller EXTERNAL/],
  [
    { controller: 'ECS', strategy: 'BLUE_GREEN' },
    /own deployment strategy BLUE_GREEN.*set its deployment strategy to ROLLING$/,
  ],
  [{ controller: 'ECS', strategy: 'CANARY' }, /own deployment strategy CANARY/],
  [{ controller: 'ECS', launchType: 'FARGATE', platform: 'LINUX' }, undefined],
  [{ controller: 'ECS', providers: ['FARGATE', 'FARGATE_SPOT'] }, undefined],
  [{ controller: 'ECS', launchType: 'EC2' }, /^shop-a runs on EC2, and only AWS Fargate is known/],
  [{ controller: 'ECS', launchType: 'EXTERNAL' }, /^shop-a runs on EXTERNAL/],
  [{ controller: 'ECS', providers: ['FARGATE', 'our-instances'] }, /^shop-a runs on our-instances/],
  [{ controller: 'ECS', platform: 'WINDOWS_SERVER_2022_CORE' }, /^shop-a runs Windows containers/],
])('%j replaces tasks for others, or not', (control, because) => {
  const said = heldBy('shop-a', control);
  if (because) expect(said).toMatch(because);
  else expect(said).toBeUndefined();
});

it('says that clients of Service Connect reach a slot whatever its weight is, and nothing of a service that is a client alone', () => {
  expect(reachedBeside('shop-a', { controller: 'ECS', offers: true })).toMatch(
    /^shop-a is reached by Service Connect as well, whatever the weights of its rule are/,
  );
  expect(reachedBeside('shop-a', { controller: 'ECS', offers: false })).toBeUndefined();
});
