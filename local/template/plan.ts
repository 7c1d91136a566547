import type { ResourceMaker } from '../service';
import { isCustom } from './custom-resources';
import { type ResolveDynamic, resolveDynamicReferences } from './dynamic-references';
import { resolve, type Scope } from './intrinsics';
import type { MakeDependencies } from './make-resource';
import { hasNoLocalMeaning } from './no-local-meaning';
import { type LookUpParameter, parameterValues } from './parameters';
import { dependenciesOf, dependencyOrder } from './references';
import { placeOf, refusalsOf } from './refusals';
import { type StackName, type StackResource, stackScope } from './scope';
import { type ResourceDeclaration, type Template, TemplateError } from './template';

interface PlanDependencies {
  makers: Readonly<Record<string, ResourceMaker>>;
  refusals?: MakeDependencies['refusals'];
  resolveDynamic: ResolveDynamic;
  lookUpParameter: LookUpParameter;
  exports: ReadonlyMap<string, string>;
}

/** A template that has been checked, and what its expressions mean as long as the stack's resources grow. */
export interface Plan {
  readonly template: Template;
  readonly scope: Scope;
  /** Logical ids, each after everything it needs. Resources whose condition is false are not among them. */
  readonly order: readonly string[];
  declaration(logicalId: string): ResourceDeclaration;
  declares(logicalId: string): boolean;
  /** The logical ids that a resource refers to or declares to depend on. */
  needs(logicalId: string): readonly string[];
  /** The exports of other stacks that have been asked for so far. */
  readonly imports: ReadonlySet<string>;
  evaluate(value: unknown): Promise<unknown>;
  properties(logicalId: string): Promise<Record<string, unknown>>;
}

/** The resources whose types have no local part. */
const missing = (resources: Template['Resources'], makers: PlanDependencies['makers']): string[] =>
  Object.entries(resources)
    .filter(([, { Type: type }]) => !(type in makers || isCustom(type) || hasNoLocalMeaning(type)))
    .map(([id, declaration]) => placeOf(id, declaration));

function refuse(names: readonly string[]): void {
  if (names.length === 0) return;
  throw new TemplateError(
    `the local cloud has no part for these resources: ${names.join(', ')}; leave them out of what is deployed here, for one by a context value of the app`,
  );
}

function refuseFeatures({ Transform: transform, Rules: rules = {} }: Template): void {
  if (transform) throw new TemplateError('Transform is not supported by the local cloud');
  // CDK puts this rule into every template; the parameter it looks at is always recent here
  const others = Object.keys(rules).filter((rule) => rule !== 'CheckBootstrapVersion');
  if (others.length)
    throw new TemplateError(`rules are not supported by the local cloud: ${others.join(', ')}`);
}

/**
 * Checks a template and prepares it against the resources that its stack has (and will have). Throws TemplateError
 * for everything the local cloud cannot create, all types in one message.
 */
export function planOf(
  stack: StackName,
  template: Template,
  given: Readonly<Record<string, string>>,
  resources: ReadonlyMap<string, StackResource>,
  deps: PlanDependencies,
): Plan {
  refuseFeatures(template);
  const parameters = parameterValues(template, given, deps.lookUpParameter);
  const known = stackScope(stack, template, parameters, resources, deps.exports);
  const imports = new Set<string>();
  const importValue = (name: string) => {
    imports.add(name);
    return known.importValue(name);
  };
  const scope = { ...known, importValue };
  const declared = Object.fromEntries(
    Object.entries(template.Resources).filter(
      ([, { Condition: condition }]) => !condition || scope.condition(condition),
    ),
  );
  refuse([
    ...missing(declared, deps.makers),
    ...refusalsOf(declared, { scope, resources, template }, deps.refusals),
  ]);
  const evaluate = async (value: unknown) =>
    resolveDynamicReferences(resolve(value, scope), deps.resolveDynamic);
  return {
    template,
    scope,
    imports,
    order: dependencyOrder(declared),
    declaration: (id) => declared[id]!,
    declares: (id) => id in declared,
    needs: (id) => dependenciesOf(declared[id]!, declared),
    evaluate,
    properties: async (id) => (await evaluate(declared[id]!.Properties ?? {})) as Record<string, unknown>,
  };
}
