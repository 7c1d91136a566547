import graph from './deployment.asl.json';
import { type Definition, expand, statesOf } from './expand';

export { bind } from './bind';
export type { Definition, Placed, State } from './expand';

/** The state machine in full. */
export const definition: Definition = expand(graph);

/** Every state of it, in the order in which the graph draws them. */
export const states = statesOf(definition);
