/**
 * The graph hands on what stopped a deployment: a step's own words, or an error with Lambda's JSON around
 * its message. Operators get the message.
 */
export function readableCause(why: string): string {
  const [, error, json] = /^(\S+) (\{.*\})$/s.exec(why) ?? [];
  if (!json) return why.trim();
  try {
    const { errorMessage, errorType } = JSON.parse(json) as { errorMessage?: string; errorType?: string };
    return `${errorType ?? error}: ${errorMessage ?? json}`;
  } catch {
    return why;
  }
}
