import { inZone } from './wall-clock';

/** How long users are expected to get the maintenance page. */
export interface Expected {
  /** As the request says; null where it says nothing. */
  asked: number | null;
  /** The last window of the service; undefined before its first one. */
  last: number | undefined;
}

export const expectedSeconds = ({ asked, last }: Expected): number | null => asked ?? last ?? null;

function lengthWords({ asked, last }: Expected): string {
  if (asked !== null) return `for about ${asked} s, as its request expects`;
  return last === undefined
    ? 'nobody knows for how long: none was measured before'
    : `for about ${last} s, as long as the last time`;
}

/** What people are told of a maintenance window before it begins. */
export const announcementText = (
  { requestedImage, reason }: { requestedImage: string; reason: string },
  start: string,
  expected: Expected,
  timeZone: string,
): string =>
  `From ${inZone(Date.parse(start), timeZone)} users get the maintenance page, ${lengthWords(expected)}. ${requestedImage} is deployed then: ${reason}`;
