/**
 * A patch that does not fit the object. The message is upstream's text. How it is answered: as a `failure` without a reason, as a `malformed`
 * request, or `rejected` without saying why.
 */
export class PatchError extends Error {
  override readonly name = 'PatchError';
  readonly answer: 'failure' | 'malformed' | 'rejected';

  constructor(message: string, answer: PatchError['answer'] = 'failure') {
    super(message);
    this.answer = answer;
  }
}
