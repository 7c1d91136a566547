import { backedUp, ended, migrated, nothingLeft, returnable, shifted, tested } from './after';
import {
  alone,
  approved,
  databaseReady,
  heard,
  mayBegin,
  migrationsRead,
  rollbackTried,
  staged,
  tried,
  unobstructed,
  volumeTried,
} from './before';
import type { Known, Point, Seen, Time } from './point';

/** What no program knows. */
const people = (): Seen => ({ state: 'people', says: '' });

/** What a team ticks by hand around a release, each with what fills it in; in the order in which it is due. */
const POINTS: readonly (readonly [at: Time, what: string, seen: (known: Known) => Seen])[] = [
  ['T-48 h', 'every pending migration was read, and none hurts the live version', migrationsRead],
  ['T-48 h', 'the migrations were tried on a real PostgreSQL', tried],
  ['T-48 h', 'their rollback was tried', rollbackTried],
  ['T-48 h', "they were timed on tables of production's size", volumeTried],
  ['T-48 h', 'this image has succeeded in the environment before', staged],
  ['T-48 h', 'alarms exist, and somebody hears them', heard],
  ['T-48 h', 'a deployment window is open then, and no freeze', mayBegin],
  ['T-48 h', 'nothing else stands in the way', unobstructed],
  ['T-48 h', 'whoever depends on the service knows when it changes, and what they will notice', people],
  ['T-48 h', 'no other change, campaign or closing of books falls into the same hours', people],
  ['T-48 h', 'somebody is on call for service and database until two hours after', people],
  ['T-1 h', 'nothing else is at work, and the live version has all users', alone],
  ['T-1 h', 'the database is ready', databaseReady],
  ['T-1 h', 'who has to approve has approved', approved],
  ['T-1 h', 'those on call are there, and look at its page', people],
  ['during', 'a snapshot belongs to this deployment', backedUp],
  ['during', 'the migrations ran, and the schema was verified', migrated],
  ['during', 'green answered before its first user came', tested],
  ['during', 'users were moved on evidence', shifted],
  ['during', 'somebody has used the new version where no metric looks', people],
  ['T+2 h', 'the deployment has ended well', ended],
  ['T+2 h', 'nothing remains to do', nothingLeft],
  ['T+2 h', 'it can still be taken back', returnable],
  ['T+2 h', 'support and users report nothing unusual', people],
  ['T+2 h', 'whoever was told before was told that it is over', people],
];

/** A release's checklist, filled in with what is known. */
export const checklistOf = (known: Known): Point[] =>
  POINTS.map(([at, what, seen]) => ({ at, what, ...seen(known) }));
