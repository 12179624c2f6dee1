/** The value under a name that came from outside: `constructor` is a good name for a container, and every object has one. */
export const own = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined => (record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined);
