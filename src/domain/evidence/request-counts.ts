/** Requests and 5xx answers of one side over a window. */
export interface RequestCounts {
  requests: number;
  errors: number;
}
