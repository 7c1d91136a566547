import { timeToEnd } from '../../../examples/story/lifetime';

/** Waits for its end, and says why it came. */
timeToEnd().catch((error) => {
  console.log(error.message);
  process.exit();
});
setInterval(() => {}, 1000);
console.log('ready');
