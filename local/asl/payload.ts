/** A value and its JSON, which history and size limit need anyway. */
export interface Payload {
  value: unknown;
  text: string;
}
