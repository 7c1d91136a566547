import type { Grants } from '../domain/step/port';
import { controlReader, controlWriter } from './controls';
import {
  executionDetails,
  executionLister,
  executionReader,
  executionStarter,
  executionTracer,
} from './executions';
import { fleetReader } from './fleet';
import { journalReader } from './journal';
import { manifestWriter } from './manifests';
import { answering } from './questions';
import { recordReader } from './record';
import { reportReader } from './reports';
import { allSettings } from './settings';
import { lockReader } from './takeover';
import { weightsReader } from './traffic';
import { whereabouts } from './workflow';

/** Follows a deployment to its end. */
const following = { executionDetails, journalReader, lockReader };
const answers = { whereabouts, answering };
const pauses = { whereabouts, executionDetails, controlReader, controlWriter };

/** A verb of the command line that somebody can be allowed: not `doctor`, which reads all that a deployment touches, nor `lock`. */
export type Verb =
  | 'approve'
  | 'bundle'
  | 'deploy'
  | 'graph'
  | 'history'
  | 'pause'
  | 'promote'
  | 'reject'
  | 'report'
  | 'resume'
  | 'rollback'
  | 'status'
  | 'validate'
  | 'watch';

/** What a verb does to AWS, for the policy of who types it. */
export const verbs: Record<Verb, Readonly<Record<string, Grants>>> = {
  approve: answers,
  bundle: { manifestWriter },
  deploy: { whereabouts, executionStarter, ...following },
  graph: { whereabouts, executionTracer, journalReader },
  history: { whereabouts, executionLister, journalReader },
  pause: pauses,
  promote: { ...pauses, journalReader },
  reject: answers,
  report: { whereabouts, journalReader, recordReader, reportReader },
  resume: pauses,
  rollback: { whereabouts, executionReader, executionStarter, ...following },
  status: {
    whereabouts,
    allSettings,
    executionReader,
    executionLister,
    fleetReader,
    journalReader,
    recordReader,
    lockReader,
    weightsReader,
  },
  validate: { whereabouts, executionStarter, executionLister, ...following },
  watch: { whereabouts, ...following },
};
