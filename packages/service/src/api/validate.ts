import { type Failure, validationException } from './failure.ts';
import { MODELS } from './model.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import type { ShapeReader } from './scalar-reader.ts';
import { shapeReaders } from './shape-reader.ts';

const readerOf = {
  control: shapeReaders(MODELS.control, 'ignored'),
  data: shapeReaders(MODELS.data, 'ignored'),
};

/** Made once, at start. */
const INPUTS: ReadonlyMap<string, ShapeReader> = new Map(
  Array.from(OPERATIONS.values(), ({ name, plane, input }) => [name, readerOf[plane](input)]),
);

/**
 * Holds an operation's input against the model. Members that the model doesn't know are ignored, as AWS does, and so
 * are members that are null; the result is a copy without them.
 *
 * @throws AwsException SerializationException when a value has the wrong JSON type; ValidationException naming all else
 * that is wrong
 */
export function validateInput(operation: OperationName, input: unknown): unknown {
  const failures: Failure[] = [];
  const read = INPUTS.get(operation)!(input, '', failures);
  if (failures.length > 0) throw validationException(failures);
  return read;
}
