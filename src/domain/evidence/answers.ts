/** Requests and 5xx answers of one side over a window. */
export interface Answers {
  requests: number;
  errors: number;
}
