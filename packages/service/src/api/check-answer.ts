import { type Failure, validationException } from './failure.ts';
import { MODELS } from './model.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { shapeReaders } from './shape-reader.ts';

const readerOf = {
  control: shapeReaders(MODELS.control, 'refused'),
  data: shapeReaders(MODELS.data, 'refused'),
};

/**
 * Holds an operation's answer, as parsed from JSON, against the model: required members, types, patterns, lengths,
 * enumerations, unions, and no member that the model doesn't have. For tests.
 *
 * @throws AwsException naming all that is wrong, without values that may be secret
 */
export function checkAnswer(operation: OperationName, answer: unknown): void {
  const { plane, output } = OPERATIONS.get(operation)!;
  const failures: Failure[] = [];
  readerOf[plane](output)(answer, '', failures);
  if (failures.length > 0) throw validationException(failures);
}
