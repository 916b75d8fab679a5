/** Which trace events a reader wants. */
import { type TraceEvent, type TraceKind, traceKinds, type TraceOutcome, traceOutcomes } from '@tidemark/trace'
import { AdminError } from '../adminError.ts'

/** Empty lists take everything; within a list any, of several lists all must fit. */
export interface TraceFilter {
  readonly canisters?: readonly string[]
  readonly kinds?: readonly TraceKind[]
  readonly methods?: readonly string[]
  readonly outcome?: TraceOutcome
}

export function fits({ canisters = [], kinds = [], methods = [], outcome }: TraceFilter, event: TraceEvent): boolean {
  return (
    (canisters.length === 0 || canisters.includes(event.canisterId)) &&
    (kinds.length === 0 || kinds.includes(event.kind)) &&
    (methods.length === 0 || (event.methodName !== undefined && methods.includes(event.methodName))) &&
    (outcome === undefined || outcome === event.outcome)
  )
}

/** Values of a query: `canister`, `kind` and `method` may be repeated. @throws AdminError for a kind or an outcome that there is not */
export function parseTraceFilter(query: URLSearchParams): TraceFilter {
  const outcome = query.get('outcome')
  return {
    canisters: query.getAll('canister'),
    kinds: query.getAll('kind').map((kind) => oneOf(traceKinds, 'kind', kind)),
    methods: query.getAll('method'),
    ...(outcome === null ? {} : { outcome: oneOf(traceOutcomes, 'outcome', outcome) }),
  }
}

/** The query that `parseTraceFilter` reads. */
export function traceQuery({ canisters = [], kinds = [], methods = [], outcome }: TraceFilter): URLSearchParams {
  const query = new URLSearchParams()
  for (const canister of canisters) query.append('canister', canister)
  for (const kind of kinds) query.append('kind', kind)
  for (const method of methods) query.append('method', method)
  if (outcome !== undefined) query.set('outcome', outcome)
  return query
}

function oneOf<Choice extends string>(choices: readonly Choice[], name: string, value: string): Choice {
  const found = choices.find((choice) => choice === value)
  if (found === undefined) throw new AdminError('invalid_request', `${name} must be one of ${choices.join(', ')}.`)
  return found
}
