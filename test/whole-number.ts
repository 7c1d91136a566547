/** The number of a program's option: one that is none would make a run of nothing, which always succeeds. */
export function wholeNumber(option: string, text: string, least = 1): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least) return value;
  throw new Error(`--${option} is ${text}, expected a whole number from ${least} on; see --help`);
}
