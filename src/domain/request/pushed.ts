/** What a push of an image has started. */
export interface PushStarted {
  deployment: string;
  /** The time of its event, ISO 8601. */
  at: string;
}

/** Tags that an image gets in one push come within seconds, each as an event of its own. */
const TOGETHER_MS = 5 * 60_000;

/** Whether a tag of the same image means a deployment of its own, by the time of its event, which may come late: somebody goes back to it. */
export const pushIsOver = ({ at }: PushStarted, pushedAt: string): boolean =>
  Date.parse(pushedAt) >= Date.parse(at) + TOGETHER_MS;

/** Why a tag starts nothing. */
export const pushedAlready = (digest: string, { deployment, at }: PushStarted): string =>
  `the push of ${digest} has started deployment ${deployment} already, at ${at}; to deploy it once more, tag it after ${new Date(
    Date.parse(at) + TOGETHER_MS,
  ).toISOString()}, or start it by its name`;
