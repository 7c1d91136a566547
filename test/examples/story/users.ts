import { startTraffic } from '../../../examples/story/traffic';

/** Users who are never told to stop: `users.ts <url> <requests per second>`. */
const [url = '', rate = ''] = process.argv.slice(2);
startTraffic(url, Number(rate));
