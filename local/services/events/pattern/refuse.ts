/** Why EventBridge refuses a pattern, in the words of its matcher. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

export function refuse(reason: string): never {
  throw new PatternError(reason);
}
