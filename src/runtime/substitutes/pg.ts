/** Of the driver a function needs a connection; the package also brings a pool, and a client for a native driver. */
// @ts-expect-error the types know the whole package only
export { default as Client } from 'pg/lib/client.js';
