import type { ResourceDeclaration, Template } from './template';
import { TemplateError } from './template';

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) for (const item of value) collect(item, found);
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return;
  for (const [key, argument] of Object.entries(value)) {
    if (key === 'Ref') found.add(String(argument));
    else if (key === 'Fn::GetAtt') {
      found.add(Array.isArray(argument) ? String(argument[0]) : String(argument).split('.')[0]!);
    } else if (key === 'Fn::Sub') {
      const pattern = String(Array.isArray(argument) ? argument[0] : argument);
      for (const [, name] of pattern.matchAll(/\$\{([^!}][^}]*)\}/g)) found.add(name!.split('.')[0]!);
    }
    collect(argument, found);
  }
}

/** Everything that a value refers to by name. */
export function namesIn(value: unknown): ReadonlySet<string> {
  const found = new Set<string>();
  collect(value, found);
  return found;
}

/** The logical ids of the resources that must exist before this one: what it refers to and its DependsOn. */
export function dependenciesOf(resource: ResourceDeclaration, among: Template['Resources']): string[] {
  const found = new Set<string>([resource.DependsOn ?? []].flat());
  collect(resource.Properties, found);
  return [...found].filter((id) => id in among);
}

/** Logical ids so ordered that each comes after everything it needs; throws on a circle, naming it. */
export function dependencyOrder(resources: Template['Resources']): string[] {
  const done = new Set<string>();
  const visit = (id: string, path: string[]): void => {
    if (done.has(id)) return;
    if (path.includes(id)) {
      const circle = [...path.slice(path.indexOf(id)), id].join(' -> ');
      throw new TemplateError(`the resources depend on each other in a circle: ${circle}`);
    }
    for (const needed of dependenciesOf(resources[id]!, resources)) visit(needed, [...path, id]);
    done.add(id);
  };
  for (const id of Object.keys(resources)) visit(id, []);
  return [...done];
}
