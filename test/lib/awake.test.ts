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

/** The definition of a state machine, and the resources that it names. */
function machine(name: string): { definition: string; names: string[] } {
  const [found] = of('AWS::StepFunctions::StateMachine').filter(([id]) => id.startsWith(`Greenlight${name}`));
  const [, parts] = found![1].Properties.DefinitionString['Fn::Join'] as [
    string,
    (string | { Ref?: string })[],
  ];
  return {
    definition: parts.map((part) => (typeof part === 'string' ? part : (part.Ref ?? ''))).join(''),
    names: parts.flatMap((part) => (typeof part === 'object' && part.Ref ? [part.Ref] : [])),
  };
}

it('calls each function that has a network interface once a day, the very version that the machine calls', () => {
  const awake = machine('KeepAwake');
  const versions = awake.names.filter((name) => Resources[name]?.Type === 'AWS::Lambda::Version');
  const inVpc = of('AWS::Lambda::Function')
    .filter(([, { Properties }]) => Properties.VpcConfig)
    .map(([name]) => name);
  expect(inVpc.length).toBeGreaterThan(10);
  expect(versions.map((version) => Resources[version]?.Properties.FunctionName.Ref).sort()).toEqual(
    inVpc.sort(),
  );
  expect(machine('Deployment').names).toEqual(expect.arrayContaining(versions));
  const { States } = JSON.parse(awake.definition);
  expect(States.KeepAwake.ItemProcessor.States.Wake.Arguments.Payload).toEqual(WAKE);
  const daily = of('AWS::Events::Rule').filter(
    ([, { Properties }]) => Properties.ScheduleExpression === 'rate(1 day)',
  );
  expect(daily.flatMap(([, { Properties }]) => Properties.Targets)).toEqual([
    expect.objectContaining({ Arn: { Ref: expect.stringMatching(/^GreenlightKeepAwake/) } }),
  ]);
});

it('does nothing when it is called for that', async () => {
  for (const step of Object.values(phases).flat()) {
    // without a table, a topic or a region every port would fail
    expect(await runStep(step, WAKE, {} as never)).toEqual(WAKE);
  }
});
