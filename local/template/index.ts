export { type AssemblyStack, readAssembly } from './assembly';
export type { ResourceChange } from './changes';
export { type CustomResources, createCustomResources } from './custom-resources';
export type { ResourceDrift } from './drift';
export type { Plan } from './plan';
export type { StackResource } from './scope';
export { createStack, Stack, type StackDependencies } from './stack';
export type { ResourceEvent } from './stack-events';
export { type Template, TemplateError } from './template';
