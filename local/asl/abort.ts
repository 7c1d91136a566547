import { setMaxListeners } from 'node:events';

/** An abort controller whose signal many may listen to at a time: 40 iterations of a Map are no leak. */
export function abortController(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

/** An abort controller that also follows an outer signal until it is released. */
export function followingController(outer: AbortSignal): { controller: AbortController; release(): void } {
  const controller = abortController();
  const follow = () => controller.abort(outer.reason);
  if (outer.aborted) follow();
  else outer.addEventListener('abort', follow, { once: true });
  return { controller, release: () => outer.removeEventListener('abort', follow) };
}
