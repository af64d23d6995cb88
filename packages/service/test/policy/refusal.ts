import assert from 'node:assert/strict';
import { AwsException, type ExceptionCode } from '../../src/api/exceptions.ts';

/** The message that `act` is refused with. */
export function refusal(act: () => unknown, code: ExceptionCode = 'ValidationException'): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof AwsException, `${error}`);
    assert.equal(error.code, code);
    return error.message;
  }
  throw new assert.AssertionError({ message: 'it was not refused' });
}
