export { createAuthorise, type Policies } from './authorise';
export { type Decision, decide, explain } from './decide';
export { denial } from './denial';
export { requirementsOf } from './requirements';
export type { Lookups, Requirement } from './requirements/requirement';
export { mayUse, type Sender, type SenderPolicy } from './sender';
export { type Statement, statementsIn } from './statements';
