/** The layout of `canister hooks`. */
import type { HookFacts } from '@tidemark/admin'
import type { ExperimentalManagementService, experimentalManagementTypes, lifecycleHooksExampleTypes as example } from '@tidemark/bindings'
import type { LibraryRecord } from '../network/hookLibrary.ts'
import { withUnderscores } from './numbers.ts'

/** Runs that are shown: the newest. */
const shownRuns = 20

type Status = Awaited<ReturnType<ExperimentalManagementService['canister_status']>>

/** Lines that tell thresholds, and what became of each hook that the canister has. */
export function hookLines(name: string, { settings, lifecycle_hooks: [told] }: Status): string[] {
  const hooks = told?.hooks ?? []
  const imports = told?.experimental_imports ?? []
  return [
    `Lifecycle hooks of ${name}.`,
    `Low cycles threshold: ${amount(settings.low_cycles_threshold, 'Cycles')}`,
    `Low heap memory threshold: ${amount(settings.low_heap_memory_threshold, 'Bytes')}`,
    `Post-init gate: ${amount(settings.post_init_gate_seconds, 'Seconds')}`,
    ...(imports.length > 0 ? [`Imports that other networks refuse: ${imports.join(' ')}`] : []),
    ...hookStateLines(hooks.map(factsOf)),
  ]
}

/** Lines that tell what became of hooks on a network that has the protocol's own only. */
export function protocolHookLines(name: string, hooks: readonly HookFacts[] | undefined): string[] {
  if (hooks === undefined) return []
  return [`Lifecycle hooks of ${name}, on a network without the experimental ones.`, ...hookStateLines(hooks)]
}

function hookStateLines(hooks: readonly HookFacts[]): string[] {
  return hooks.length > 0 ? hooks.map(hookLine) : ['It exports none.']
}

function factsOf({ name, state, reason, number, pending, runs, dropped }: experimentalManagementTypes.HookStatus): HookFacts {
  return {
    name,
    state: Object.keys(state)[0] ?? '',
    ...(reason[0] === undefined ? {} : { reason: reason[0] }),
    ...(number[0] === undefined ? {} : { number: String(number[0]) }),
    pending: String(pending),
    runs: String(runs),
    dropped: String(dropped),
  }
}

function amount([value]: [] | [bigint], unit: string): string {
  return value === undefined || value === 0n ? 'None' : `${withUnderscores(value)} ${unit}`
}

function hookLine({ name, state, reason, number, pending, runs, dropped, condition }: HookFacts): string {
  const parts = [
    `${name}: ${state}${reason === undefined ? '' : ` (${reason})`}`,
    ...(condition === undefined ? [] : [`condition ${condition}`]),
    ...(number === undefined ? [] : [`number ${number}`]),
    ...(BigInt(pending) > 1n ? [`${withUnderscores(BigInt(pending))} waiting`] : []),
    `${withUnderscores(BigInt(runs))} runs`,
    ...(dropped === '0' ? [] : [`${withUnderscores(BigInt(dropped))} dropped`]),
  ]
  return parts.join(', ')
}

/** Lines that tell what a hook library has run and captured. */
export function libraryLines(name: string, { runs, errors }: LibraryRecord): string[] {
  const hidden = runs.length - shownRuns
  return [
    `Runs that the library of ${name} has recorded${hidden > 0 ? `, without the ${hidden} oldest` : ''}:`,
    ...(runs.length > 0 ? runs.slice(-shownRuns).map(runLine) : ['None.']),
    ...(errors.length > 0 ? [`Captured errors, for \`tidemark canister redrive ${name} NUMBER\`:`, ...errors.map(errorLine)] : []),
  ]
}

/** How a captured call fared when it was made again. */
export function redriveLine([number, [outcome]]: [bigint, [] | [example.Redriven]]): string {
  if (outcome === undefined) return `${number} is not kept.`
  return 'replied' in outcome ? `${number} replied.` : `${number} was rejected: ${outcome.rejected}`
}

function runLine({
  number,
  hook,
  outcome,
  time_nanos: time,
  memory_bytes: memory,
  balance_cycles: balance,
  delivery,
}: example.Run): string {
  const why = 'trapped' in outcome ? ` (${outcome.trapped})` : 'skipped' in outcome ? ` (${outcome.skipped})` : ''
  const [sent] = delivery
  const parts = [
    `${number} ${hook}: ${Object.keys(outcome)[0] ?? ''}${why}`,
    new Date(Number(time / 1_000_000n)).toISOString(),
    `${withUnderscores(memory)} Bytes`,
    `${withUnderscores(balance)} Cycles`,
    ...(sent === undefined ? [] : [`delivery ${sent.number} of ${sent.sender.toText()}`]),
  ]
  return parts.join(', ')
}

function errorLine({ number, call: { methodName, args, error }, attempts, last: [last] }: example.CapturedError): string {
  const parts = [
    `${number} ${methodName}, ${args.length} bytes of arguments: ${[error.code, error.message].filter((text) => text !== '').join(' ')}`,
    ...(attempts > 0n
      ? [`sent again ${attempts} times, the last one ${last !== undefined && 'replied' in last ? 'replied' : 'failed'}`]
      : []),
  ]
  return parts.join('; ')
}
