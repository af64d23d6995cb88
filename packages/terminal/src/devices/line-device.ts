import type { Duplex } from 'node:stream';
import type { Damaged, FrameParser } from '../drivers/frame-parser.ts';
import { Line } from '../drivers/line.ts';

/** The device's side of a protocol in which each frame is answered with frames. */
export abstract class LineDevice<Frame extends { readonly kind: 'frame' }> implements AsyncDisposable {
  readonly #line: Line<Frame | Damaged>;
  /** Ends when the line does. */
  readonly ended: Promise<void>;

  constructor(stream: Duplex, parser: FrameParser<Frame | Damaged>) {
    this.#line = new Line(stream, { parser });
    this.ended = this.#serve();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#line[Symbol.asyncDispose]();
    await this.ended;
  }

  /** The frames that answer, whole. */
  protected abstract answerTo(frame: Frame): AsyncIterable<Uint8Array>;

  /** What answers a damaged frame; nothing unless overridden. */
  protected answerToDamage(): Uint8Array | undefined {
    return undefined;
  }

  async #serve(): Promise<void> {
    try {
      await this.#line.exchange(async ({ receive, send }) => {
        for (;;) {
          const unit = await receive();
          if (unit.kind === 'frame') for await (const frame of this.answerTo(unit)) await send(frame);
          const answer = unit.kind === 'frame' ? undefined : this.answerToDamage();
          if (answer !== undefined) await send(answer);
        }
      });
    } catch (error) {
      if (!this.#line.isClosed) throw error;
    }
  }
}
