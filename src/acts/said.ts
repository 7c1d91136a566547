/** What somebody says to a deployment, and who it is. */
export interface Said {
  deployment: string;
  by: string;
  reason: string;
}
/** What became of it: a sentence for people, and the same as a document. */
export interface Told {
  text: string;
  document: object;
}

/** What cannot be done as the deployment stands, in a sentence for who asked. */
export class Refused extends Error {}
