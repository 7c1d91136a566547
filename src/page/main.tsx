import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { Head } from '../domain/page/head';
import type { View } from '../domain/page/view';
import { ChartsPart } from './charts';
import { HeadPart, STANDINGS } from './head';
import { ListPage } from './list';
import { follow, type Live } from './live';
import { EvidencePart, JournalPart, MigrationsPart, SplitPart, WayPart } from './parts';

const named = () => decodeURIComponent(location.hash.slice(1));

function DeploymentPage({ live, tell }: { live: Live; tell: (text: string) => void }) {
  const { split, charts, evidence = [], migrations, journal = [] } = live.parts as Partial<View>;
  const head = live.parts.head as Head;
  return (
    <>
      <HeadPart head={head} about={live.about} connected={live.connected} tell={tell} />
      {split && <SplitPart split={split} />}
      {charts && <ChartsPart charts={charts} />}
      {journal.length > 0 && <WayPart parts={live.parts} journal={journal} />}
      {evidence.length > 0 && <EvidencePart evidence={evidence} />}
      {migrations && <MigrationsPart migrations={migrations} />}
      {journal.length > 0 && <JournalPart journal={journal} />}
    </>
  );
}

/** What a screen reader is told: how it stands, and what is expected, whenever that changes. */
const spoken = ({ outcome, expected }: Head) => `${outcome}. ${expected}`;

function Page() {
  const [deployment, setDeployment] = useState(named());
  const [live, setLive] = useState<Live>({ parts: {}, about: undefined, connected: true });
  const [told, setTold] = useState('');
  useEffect(() => {
    const moved = () => setDeployment(named());
    addEventListener('hashchange', moved);
    return () => removeEventListener('hashchange', moved);
  }, []);
  useEffect(() => {
    setLive({ parts: {}, about: undefined, connected: true });
    setTold('');
    return follow(deployment, setLive);
  }, [deployment]);
  const head = live.parts.head as Head | undefined;
  const problem = live.connected
    ? ((live.parts.problem as string | undefined) ?? '')
    : 'The server does not answer; what is shown may be old. It is asked again every second.';
  useEffect(() => {
    const [sign] = head ? STANDINGS[head.standing] : [''];
    document.title = head ? `${sign} ${head.outcome}` : `Greenlight ${live.about?.stack ?? ''}`;
  });
  return (
    <>
      <nav aria-label="Deployments">
        {deployment === '' ? <b>All deployments</b> : <a href="/#">All deployments</a>}
        {live.about && <span>workflow {live.about.stack}</span>}
      </nav>
      <div role="alert">{problem && <p class="banner problem">{problem}</p>}</div>
      <div role="status" class="told">
        {told && <p class="banner">{told}</p>}
        {head && <p class="unseen">{spoken(head)}</p>}
      </div>
      <main>
        {deployment === '' ? (
          <ListPage parts={live.parts} stack={live.about?.stack ?? ''} />
        ) : head ? (
          <DeploymentPage key={deployment} live={live} tell={setTold} />
        ) : (
          <h1>{deployment}: it is being looked at</h1>
        )}
      </main>
    </>
  );
}

render(<Page />, document.body);
