/** A command that could not do its work, for a reason that its user can act on. An empty message was said already. */
export class Failure extends Error {
  override readonly name = 'Failure';
}
