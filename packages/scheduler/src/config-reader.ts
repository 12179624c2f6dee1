/** Reads a configuration value by value, with the path in every complaint. */

export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Fields = Readonly<Record<string, unknown>>;

export class Reader {
  readonly path: string;
  readonly #fields: Fields;

  constructor(value: unknown, path: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ConfigError(`${path === '' ? 'configuration' : path}: expected an object`);
    this.path = path;
    this.#fields = value as Fields; // an object, as just seen
  }

  value(name: string): unknown {
    return this.#fields[name] ?? undefined;
  }

  text(name: string): string | undefined {
    return this.#typed(name, 'string') as string | undefined;
  }

  number(name: string): number | undefined {
    return this.#typed(name, 'number') as number | undefined;
  }

  isTrue(name: string): boolean | undefined {
    return this.#typed(name, 'boolean') as boolean | undefined;
  }

  object(name: string): Reader | undefined {
    const value = this.value(name);
    return value === undefined ? undefined : new Reader(value, this.#at(name));
  }

  objects(name: string): readonly Reader[] {
    return this.#items(name).map((item, index) => new Reader(item, `${this.#at(name)}[${index}]`));
  }

  texts(name: string): readonly string[] {
    return this.#items(name).map((item, index) => {
      if (typeof item !== 'string') throw new ConfigError(`${this.#at(name)}[${index}]: expected a string`);
      return item;
    });
  }

  #at(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  #typed(name: string, type: 'string' | 'number' | 'boolean'): unknown {
    const value = this.value(name);
    if (value !== undefined && typeof value !== type) throw new ConfigError(`${this.#at(name)}: expected a ${type}`);
    return value;
  }

  #items(name: string): readonly unknown[] {
    const value = this.value(name) ?? [];
    if (!Array.isArray(value)) throw new ConfigError(`${this.#at(name)}: expected a list`);
    return value;
  }
}
