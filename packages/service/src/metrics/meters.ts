import {
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from '@prometheus-io/client';
import type { Log, RequestEvent } from '../http/log.ts';
import { remembered } from '../memo.ts';

/** The figures of one process; those of several are put together. */
export type Figures = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** What is looked at whenever the figures are asked for. */
export interface Watched {
  readonly keyring: { readonly isSealed: boolean };
  readonly audit: { readonly available: boolean };
}

/** Upper bounds in seconds: a GenerateMac takes well under the first, an RSA key pair may take the last. */
const DURATIONS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** Of a request that named no operation. */
const NO_OPERATION = 'none';
const OK = 'ok';

/**
 * What a process counts for Prometheus: the events of its log, and what Node.js tells of the process. No label has anything that came from
 * outside or belongs to a key or a caller: each is an operation's name or an exception's code.
 */
export class Meters {
  readonly #registry = new Registry();
  readonly #failures: Counter;
  readonly #workersEnded: Counter;
  readonly #durationOf: (operation: string) => Histogram.Internal<'operation'>;
  /** By operation and outcome, with a blank in between. */
  readonly #requestsOf: (labels: string) => Counter.Internal;

  constructor() {
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    const requests = new Counter({
      name: 'keywright_requests_total',
      help: 'Requests that were answered, by operation and by outcome: ok, or the code of the exception',
      labelNames: ['operation', 'outcome'],
      registers,
    });
    const durations = new Histogram({
      name: 'keywright_request_duration_seconds',
      help: 'From when a request had come to its answer',
      labelNames: ['operation'],
      buckets: DURATIONS,
      registers,
    });
    this.#failures = new Counter({
      name: 'keywright_failures_total',
      help: 'What failed and should not have; the log has each of them',
      registers,
    });
    this.#workersEnded = new Counter({
      name: 'keywright_workers_ended_total',
      help: 'Worker processes that ended and were replaced',
      registers,
    });
    this.#durationOf = remembered((operation) => durations.labels({ operation }));
    this.#requestsOf = remembered((labels) => {
      const [operation = NO_OPERATION, outcome = OK] = labels.split(' ');
      return requests.labels({ operation, outcome });
    });
  }

  /** The same log, whose events are counted. */
  counting(log: Log): Log {
    return {
      ...log,
      request: (event) => {
        this.#count(event);
        log.request(event);
      },
      failure: (error, requestId) => {
        this.#failures.inc();
        log.failure(error, requestId);
      },
      workerEnded: (event) => {
        this.#workersEnded.inc();
        log.workerEnded(event);
      },
    };
  }

  #count({ operation = NO_OPERATION, code = OK, milliseconds }: RequestEvent): void {
    this.#requestsOf(`${operation} ${code}`).inc();
    this.#durationOf(operation).observe(milliseconds / 1000);
  }

  watch({ keyring, audit }: Watched): void {
    const registers = [this.#registry];
    new Gauge({
      name: 'keywright_sealed',
      help: '1 while the service has no main key and answers nothing that needs one',
      aggregator: 'max',
      registers,
      collect() {
        this.set(Number(keyring.isSealed));
      },
    });
    new Gauge({
      name: 'keywright_audit_available',
      help: '0 while the audit cannot be written and nothing may be changed',
      aggregator: 'min',
      registers,
      collect() {
        this.set(Number(audit.available));
      },
    });
  }

  get figures(): Promise<Figures> {
    return this.#registry.getMetricsAsJSON();
  }

  /** Media type of the text. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In Prometheus's text format; with those of other processes they are summed up, or as each metric says. */
  async text(others: readonly Figures[] = []): Promise<string> {
    if (others.length === 0) return this.#registry.metrics();
    return AggregatorRegistry.aggregate([await this.figures, ...others]).metrics();
  }
}
