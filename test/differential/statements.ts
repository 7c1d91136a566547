export { randomScript } from './forms';
export type { Script } from './forms/place';
