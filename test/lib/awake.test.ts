import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { phases } from '../../lambdas';
import { runStep, WAKE } from '../../src/runtime/run-step';

interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties of any resource
  Properties: any;
}
const template = join(__dirname, '..', '..', 'cdk.out', 'Shop.template.json');
const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as { Resources: Record<string, Resource> };
const of = (type: string) => Object.entries(Resources).filter(([, { Type }]) => Type === type);

it('calls each function that has a network interface once a day, the very version that the machine calls', () => {
  const targets = of('AWS::Events::Rule')
    .filter(([, { Properties }]) => Properties.ScheduleExpression === 'rate(1 day)')
    .flatMap(([, { Properties }]) => Properties.Targets as { Arn: { Ref: string }; Input: string }[]);
  const inVpc = of('AWS::Lambda::Function')
    .filter(([, { Properties }]) => Properties.VpcConfig)
    .map(([name]) => name);
  expect(inVpc.length).toBeGreaterThan(10);
  expect(targets.map(({ Arn }) => Resources[Arn.Ref]?.Properties.FunctionName.Ref).sort()).toEqual(
    inVpc.sort(),
  );
  const machine = JSON.stringify(of('AWS::StepFunctions::StateMachine'));
  for (const { Arn, Input } of targets) {
    expect(machine).toContain(`{"Ref":"${Arn.Ref}"}`);
    expect(JSON.parse(Input)).toEqual(WAKE);
  }
});

it('does nothing when it is called for that', async () => {
  for (const step of Object.values(phases).flat()) {
    // without a table, a topic or a region every port would fail
    expect(await runStep(step, WAKE, {} as never)).toEqual(WAKE);
  }
});
