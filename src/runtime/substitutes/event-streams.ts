/**
 * Streams of events, which Amazon S3 selects by and CloudWatch Logs tails by: the functions call no operation that has one, and
 * the clients bring what reads them all the same.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config) => config;

export const eventStreamSerdeProvider = () => undefined;

/** Asked for at the first such operation. */
export const EventStreamSerde = undefined;
