export type LogFields = Readonly<Record<string, unknown>>;

/** Constant messages, data in fields. A library returns errors; the owner of a task logs them, once. */
export interface Log {
  with(fields: LogFields): Log;
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, error: unknown, fields?: LogFields): void;
}

/** For tests and for libraries used alone. */
export const silentLog: Log = {
  with: () => silentLog,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
