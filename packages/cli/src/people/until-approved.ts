import { OwnRefusal } from './own-client.ts';
import type { Questions } from './questions.ts';

/** Where it takes a second person, the very same request is made again once that person has approved it. @throws OwnRefusal */
export async function untilApproved<Answer>(
  questions: Pick<Questions, 'say' | 'confirm'>,
  act: () => Promise<Answer>,
): Promise<Answer> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof OwnRefusal) || error.approvalRequest === undefined) throw error;
      questions.say(error.message);
      const again = await questions.confirm(
        `Is the request ${error.approvalRequest} approved, and shall it go on?`,
      );
      if (!again) throw error;
    }
  }
}
