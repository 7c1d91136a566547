/** Source: Amazon SNS API Reference, Publish: ASCII without line breaks, less than a hundred characters. */
const LONGEST = 99;

/** What a message's subject can be: one line of what Amazon SNS takes, cut where it is too long. */
export function subjectOf(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/[^\x20-\x7e]/gu, '?')
    .trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 3)}...` : line;
}
