import pino from 'pino';
import type { Log } from '../log.ts';

/** One JSON line a message on standard error (or the file descriptor given). */
export function pinoLog(level: 'debug' | 'info' | 'warn' | 'error' = 'info', fileDescriptor = 2): Log {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: fileDescriptor, sync: true }));
  return wrap(logger);
}

function wrap(logger: pino.Logger): Log {
  return {
    with: (fields) => wrap(logger.child(fields)),
    debug: (message, fields = {}) => { logger.debug(fields, message); },
    info: (message, fields = {}) => { logger.info(fields, message); },
    warn: (message, fields = {}) => { logger.warn(fields, message); },
    error: (message, error, fields = {}) => { logger.error({ ...fields, err: error }, message); },
  };
}
