/** Amazon States Language: an interpreter with the semantics of Step Functions' Standard workflows. */
export type { Branch, QueryLanguage, State, StateMachineDefinition } from './definition';
export { StatesError } from './errors';
export { Execution, type ExecutionOptions, type Outcome } from './execution';
export { tasksAfter } from './following';
export { type HistoryEvent, LONGEST_HISTORY } from './history';
export type { PerformTask, TaskRequest } from './perform-task';
export { validateDefinition } from './validate';
export { type VirtualClock, virtualClock } from './virtual-clock';
