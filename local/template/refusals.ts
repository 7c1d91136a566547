import { unknownValue } from '../service';
import { resolve, type Scope } from './intrinsics';
import type { MakeDependencies } from './make-resource';
import type { StackResource } from './scope';
import type { ResourceDeclaration, Template } from './template';

/** A scope in which what does not exist yet has a name for a value. */
const pretended = (
  scope: Scope,
  resources: ReadonlyMap<string, StackResource>,
  template: Template,
): Scope => {
  const isYetToCome = (id: string) => id in template.Resources && !resources.has(id);
  const pretending: Scope = {
    ...scope,
    ref: (name) => (isYetToCome(name) ? unknownValue(name) : scope.ref(name)),
    attribute: (id, name) => (isYetToCome(id) ? unknownValue(`${id}.${name}`) : scope.attribute(id, name)),
    importValue: unknownValue,
  };
  return pretending;
};

/** Where a resource is: in the template, and in the app that it was synthesised from. */
export function placeOf(id: string, { Type, Metadata = {} }: ResourceDeclaration): string {
  const path = Metadata['aws:cdk:path'];
  return `/Resources/${id} ${Type}${path === undefined ? '' : ` (${path})`}`;
}

/** What of the resources of a template has no local part although their types have. */
export function refusalsOf(
  declared: Template['Resources'],
  known: { scope: Scope; resources: ReadonlyMap<string, StackResource>; template: Template },
  refusals: MakeDependencies['refusals'] = {},
): string[] {
  const scope = pretended(known.scope, known.resources, known.template);
  return Object.entries(declared).flatMap(([id, declaration]) => {
    const refuse = refusals[declaration.Type];
    if (!refuse) return [];
    let properties: unknown;
    try {
      properties = resolve(declaration.Properties ?? {}, scope);
    } catch {
      // a list of which nobody knows the items yet, for one; what is wrong with it shows when it is made
      return [];
    }
    const refusal = refuse(properties);
    return refusal === undefined ? [] : [`${placeOf(id, declaration)}: ${refusal}`];
  });
}
