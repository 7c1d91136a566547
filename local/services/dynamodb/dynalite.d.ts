declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Times are milliseconds that a table stays in the state. Closing the server closes its store. */
  export default function dynalite(options?: {
    createTableMs?: number;
    deleteTableMs?: number;
    updateTableMs?: number;
    /** In memory when absent. */
    path?: string;
  }): Server;
}
