export { type AssemblyStack, readAssembly } from './assembly';
export { type CustomResources, createCustomResources } from './custom-resources';
export type { StackResource } from './scope';
export { createStack, type Stack, type StackDependencies } from './stack';
export { type Template, TemplateError } from './template';
