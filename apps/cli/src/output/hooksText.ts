/** The layout of `canister hooks`. */
import type { ExperimentalManagementService, experimentalManagementTypes } from '@tidemark/bindings'
import { withUnderscores } from './numbers.ts'

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
    ...(hooks.length > 0 ? hooks.map(hookLine) : ['It exports none.']),
  ]
}

function amount([value]: [] | [bigint], unit: string): string {
  return value === undefined || value === 0n ? 'None' : `${withUnderscores(value)} ${unit}`
}

function hookLine({ name, state, reason, number, pending, runs, dropped }: experimentalManagementTypes.HookStatus): string {
  const parts = [
    `${name}: ${Object.keys(state)[0] ?? ''}${reason[0] === undefined ? '' : ` (${reason[0]})`}`,
    ...(number[0] === undefined ? [] : [`number ${number[0]}`]),
    ...(pending > 1n ? [`${withUnderscores(pending)} waiting`] : []),
    `${withUnderscores(runs)} runs`,
    ...(dropped > 0n ? [`${withUnderscores(dropped)} dropped`] : []),
  ]
  return parts.join(', ')
}
