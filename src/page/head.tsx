import { useEffect, useRef, useState } from 'preact/hooks';
import type { Action } from '../domain/page/actions';
import type { Head, Standing } from '../domain/page/head';
import { type About, say } from './live';
import { time } from './words';

/** How a deployment stands: a sign, and words for it. */
export const STANDINGS: Record<Standing, [sign: string, words: string]> = {
  works: ['…', 'at work'],
  asks: ['?', 'asks you'],
  paused: ['‖', 'paused'],
  back: ['↩', 'going back'],
  live: ['✓', 'released'],
  'rolled back': ['↩', 'rolled back'],
  rejected: ['✗', 'rejected'],
  planned: ['·', 'planned'],
  operator: ['!', 'needs a person'],
  stopped: ['■', 'stopped'],
  unknown: ['·', 'unknown'],
};

/** Says what will happen, asks who wants it and why, and only then does it. */
function Confirm({
  action,
  deployment,
  about,
  close,
}: {
  action: Action;
  deployment: string;
  about: About;
  close: (told: string) => void;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState(false);
  useEffect(() => dialog.current?.showModal(), []);
  async function send(event: SubmitEvent) {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    setSending(true);
    setProblem('');
    try {
      const saying = { verb: action.verb, deployment };
      const words = { by: String(form.get('by')), reason: String(form.get('reason')) };
      const told = await say(about.token, { ...saying, ...words });
      dialog.current?.close();
      close(told);
    } catch (error) {
      setSending(false);
      setProblem((error as Error).message);
    }
  }
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      aria-describedby="confirm-does"
      onClose={() => close('')}
    >
      <form onSubmit={send}>
        <h2 id="confirm-title">
          {action.label}: {deployment}
        </h2>
        <ul id="confirm-does">
          {action.does.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
        <label>
          Why, for people and the journal
          <input name="reason" required maxLength={500} autocomplete="off" />
        </label>
        <label>
          Your name
          <input name="by" required maxLength={200} defaultValue={about.user} autocomplete="name" />
        </label>
        {problem && (
          <p role="alert" class="problem">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="button" onClick={() => dialog.current?.close()}>
            Leave it as it is
          </button>
          <button type="submit" class={`main ${action.verb}`} disabled={sending}>
            {action.label}
          </button>
        </div>
      </form>
    </dialog>
  );
}

export function HeadPart({
  head,
  about,
  connected,
  tell,
}: {
  head: Head;
  about: About | undefined;
  connected: boolean;
  tell: (text: string) => void;
}) {
  const [verb, setVerb] = useState('');
  const title = useRef<HTMLHeadingElement>(null);
  const [sign, words] = STANDINGS[head.standing];
  const action = head.actions.find((one) => one.verb === verb);
  return (
    <header class={`head ${head.standing.replaceAll(' ', '-')}`}>
      <p class="badge">
        <span aria-hidden="true">{sign}</span> {words}
      </p>
      <h1 ref={title} tabIndex={-1}>
        {head.outcome}
      </h1>
      <p class="expected">
        <b>Expected of you:</b> {head.expected || 'nothing.'}
      </p>
      {head.actions.length > 0 && (
        <fieldset class="buttons" aria-label="What can be said to it">
          {head.actions.map((one) => (
            <button
              type="button"
              key={one.verb}
              class={one.verb}
              disabled={!connected}
              onClick={() => setVerb(one.verb)}
            >
              {one.label}…
            </button>
          ))}
        </fieldset>
      )}
      {head.because.length > 0 && (
        <ul class="because">
          {head.because.map((part) => (
            <li key={part}>{part}</li>
          ))}
        </ul>
      )}
      {head.last && (
        <p class="last">
          Last step: <b>{head.last.step}</b>, {head.last.phase}, at {time(head.last.at)} UTC
        </p>
      )}
      <dl>
        {head.facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {head.unless && (
          <div>
            <dt>rollback</dt>
            <dd>not possible: {head.unless}</dd>
          </div>
        )}
      </dl>
      {action && about && (
        <Confirm
          action={action}
          deployment={head.deployment}
          about={about}
          close={(told) => {
            setVerb('');
            if (told) tell(told);
            // the button that was pressed may be gone
            title.current?.focus();
          }}
        />
      )}
    </header>
  );
}
