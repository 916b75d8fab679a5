/** Operations that took longer than their client would wait: what came out of them, until it is read and pruned. */
import type { Computation } from './instance/instance.ts'
import { parseLabel } from './instance/stateLabel.ts'
import { ApiError } from './wire/apiError.ts'
import type { JsonValue } from './wire/json.ts'

type Entry =
  | { readonly kind: 'running' }
  | { readonly kind: 'done'; readonly value: JsonValue }
  | { readonly kind: 'failed'; readonly error: unknown }

export class Graph {
  readonly #entries = new Map<string, { readonly instance: number; entry: Entry }>()

  /** Remembers an operation that goes on. */
  keep(instance: number, { stateLabel, opId, outcome }: Computation): void {
    const kept: { readonly instance: number; entry: Entry } = { instance, entry: { kind: 'running' } }
    this.#entries.set(`${stateLabel}/${opId}`, kept)
    outcome.then(
      (value) => (kept.entry = { kind: 'done', value }),
      (error: unknown) => (kept.entry = { kind: 'failed', error }),
    )
  }

  /** What came out. @throws ApiError 404 while it runs or when it is not known, 400 for a malformed label, and what it failed with */
  read(label: string, opId: string): JsonValue {
    const { name, missing } = locate(label, opId)
    const entry = this.#entries.get(name)?.entry
    if (entry?.kind === 'done') return entry.value
    if (entry?.kind === 'failed') throw entry.error
    throw missing
  }

  /** Forgets what came out. @throws ApiError 404 when nothing is known, 400 for a malformed label */
  prune(label: string, opId: string): null {
    const { name, missing } = locate(label, opId)
    if (this.#entries.get(name)?.entry.kind === 'running' || !this.#entries.delete(name)) throw missing
    return null
  }

  /** Forgets all about an instance. */
  forget(instance: number): void {
    for (const [name, kept] of this.#entries) if (kept.instance === instance) this.#entries.delete(name)
  }
}

function locate(text: string, opId: string): { readonly name: string; readonly missing: ApiError } {
  const label = parseLabel(text)
  return { name: `${label}/${opId}`, missing: new ApiError(404, `state_label / op_id not found: ${text} (base64: ${label}) / ${opId}`) }
}
