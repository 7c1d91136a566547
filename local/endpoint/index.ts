export type { Authorise } from './dispatch';
export { accessDenied, CommonError, invalid, throttled } from './errors';
export { parseFault } from './fault-flag';
export { createFaults, type Fault, type Faults, type Misfortune } from './faults';
export { applyPatch } from './patch';
export { type Endpoint, type EndpointOptions, startEndpoint } from './server';
