/** A patch that does not fit the object. The message is upstream's text; which status it travels with depends on the kind of patch. */
export class PatchError extends Error {
  override readonly name = 'PatchError';
}
