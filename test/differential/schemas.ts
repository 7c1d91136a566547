export { randomWorld } from './world';
export { BIG, type World } from './world/world';
