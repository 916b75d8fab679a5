import type { TraceEntry, TraceEvent } from './event.ts'

export type TraceListener = (event: TraceEvent) => void

export type TraceRecorderOptions = {
  /** Number of events kept; the oldest make room for new ones. */
  readonly capacity: number
  /** Told of an error that a listener threw; the listener hears nothing more. */
  readonly onListenerError?: (error: unknown) => void
}

/** Keeps the latest events and passes each one on as it happens. Watching can never change what is watched. */
export type TraceRecorder = {
  /** Numbers and keeps an event. Never throws, whatever listeners do. Returns its `seq`, to be a later event's cause. */
  record(entry: TraceEntry): number
  /** Kept events from a `seq` on, oldest first; all kept ones when absent. */
  events(fromSeq?: number): readonly TraceEvent[]
  /** `seq` of the next event, which is also the number of events recorded so far. */
  nextSeq(): number
  /** `seq` of the oldest kept event; events before it were dropped. */
  oldestSeq(): number
  /** Calls the listener for each event from now on. The returned function ends that. */
  subscribe(listener: TraceListener): () => void
}

/**
 * A recorder with a bounded memory: recording costs the same however long it runs.
 *
 * @throws RangeError when the capacity is not a whole number from 1.
 */
export const createTraceRecorder = ({ capacity, onListenerError }: TraceRecorderOptions): TraceRecorder => {
  if (!Number.isSafeInteger(capacity) || capacity < 1) throw new RangeError(`Capacity must be a whole number from 1, got ${capacity}`)
  // Grows by pushing until it is full, then is overwritten in a circle: an event sits at its seq modulo the capacity.
  const ring: TraceEvent[] = []
  const subscriptions = new Set<{ readonly listener: TraceListener }>()
  let next = 0

  const oldest = (): number => Math.max(0, next - capacity)

  const deliver = (event: TraceEvent): void => {
    // Those who listen when the event happens: a listener may start others, which hear only the next one.
    const present = [...subscriptions]
    for (const subscription of present) {
      if (!subscriptions.has(subscription)) continue
      try {
        subscription.listener(event)
      } catch (error) {
        subscriptions.delete(subscription)
        onListenerError?.(error)
      }
    }
  }

  return {
    record: (entry) => {
      const event = { ...entry, seq: next }
      ring[next % capacity] = event
      next += 1
      if (subscriptions.size > 0) deliver(event)
      return event.seq
    },
    events: (fromSeq = 0) => {
      const from = Math.max(fromSeq, oldest())
      const at = oldest() % capacity
      const inOrder = next <= capacity ? ring : [...ring.slice(at), ...ring.slice(0, at)]
      return inOrder.slice(from - oldest())
    },
    nextSeq: () => next,
    oldestSeq: oldest,
    subscribe: (listener) => {
      const subscription = { listener }
      subscriptions.add(subscription)
      return () => {
        subscriptions.delete(subscription)
      }
    },
  }
}
