/** One log event; times are cloud time in milliseconds since the epoch. */
export interface LogEvent {
  id: string;
  timestamp: number;
  ingestionTime: number;
  message: string;
}

export interface LogStream {
  name: string;
  createdAt: number;
  /** The newest events, oldest first; older ones are forgotten. */
  events: LogEvent[];
}

export interface LogGroup {
  name: string;
  createdAt: number;
  retentionInDays?: number;
  streams: Map<string, LogStream>;
}

/** The memory of a long-running local cloud is bounded by these. */
const EVENTS_PER_STREAM = 10_000;
const STREAMS_PER_GROUP = 500;

let sequence = 0;

/** Event ids sort in the order in which events were written, as CloudWatch's do. */
const nextId = () => String(++sequence).padStart(56, '0');

export const createGroup = (name: string, now: number, retentionInDays?: number): LogGroup => ({
  name,
  createdAt: now,
  retentionInDays,
  streams: new Map(),
});

/** The stream of that name, made if it is not there; the oldest one is forgotten when there are too many. */
export function streamOf(group: LogGroup, name: string, now: number): LogStream {
  let stream = group.streams.get(name);
  if (stream === undefined) {
    stream = { name, createdAt: now, events: [] };
    group.streams.set(name, stream);
    if (group.streams.size > STREAMS_PER_GROUP) group.streams.delete(group.streams.keys().next().value!);
  }
  return stream;
}

export function append(stream: LogStream, message: string, timestamp: number, now: number) {
  stream.events.push({ id: nextId(), timestamp, ingestionTime: now, message });
  // cut in large pieces: shifting one by one would cost its length for every line
  if (stream.events.length > EVENTS_PER_STREAM * 1.25) {
    stream.events.splice(0, stream.events.length - EVENTS_PER_STREAM);
  }
}
