/** A body that cannot be read. The message is the text upstream's decoder gives, since clients see it. */
export class DecodeError extends Error {
  override readonly name = 'DecodeError';
}
