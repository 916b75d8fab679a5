/** The layout of `canister status` that users of the published walkthrough know. */
import type { managementTypes } from '@tidemark/bindings'
import { toHex } from '@tidemark/types'
import { withUnderscores } from './numbers.ts'

/** Lines of a canister's status; controllers are sorted, an absent module is `None`. */
export function statusLines(name: string, status: managementTypes.CanisterStatusResult): string[] {
  const { settings, query_stats: queries } = status
  const hash = status.module_hash[0]
  return [
    `Canister status call result for ${name}.`,
    `Status: ${statusWord(status.status)}`,
    `Controllers: ${sorted(settings.controllers).join(' ')}`,
    `Memory allocation: ${withUnderscores(settings.memory_allocation)} Bytes`,
    `Compute allocation: ${withUnderscores(settings.compute_allocation)} %`,
    `Freezing threshold: ${withUnderscores(settings.freezing_threshold)} Seconds`,
    `Idle cycles burned per day: ${withUnderscores(status.idle_cycles_burned_per_day)} Cycles`,
    `Memory Size: ${withUnderscores(status.memory_size)} Bytes`,
    `Balance: ${withUnderscores(status.cycles)} Cycles`,
    `Reserved: ${withUnderscores(status.reserved_cycles)} Cycles`,
    `Reserved cycles limit: ${withUnderscores(settings.reserved_cycles_limit)} Cycles`,
    `Wasm memory limit: ${withUnderscores(settings.wasm_memory_limit)} Bytes`,
    `Wasm memory threshold: ${withUnderscores(settings.wasm_memory_threshold)} Bytes`,
    `Module hash: ${hash === undefined ? 'None' : `0x${toHex(hash)}`}`,
    `Number of queries: ${withUnderscores(queries.num_calls_total)}`,
    `Instructions spent in queries: ${withUnderscores(queries.num_instructions_total)}`,
    `Total query request payload size: ${withUnderscores(queries.request_payload_bytes_total)} Bytes`,
    `Total query response payload size: ${withUnderscores(queries.response_payload_bytes_total)} Bytes`,
    `Log visibility: ${visibilityText(settings.log_visibility)}`,
  ]
}

function statusWord(status: managementTypes.CanisterStatus): string {
  if ('running' in status) return 'Running'
  return 'stopping' in status ? 'Stopping' : 'Stopped'
}

function visibilityText(visibility: managementTypes.Visibility): string {
  if ('controllers' in visibility) return 'controllers'
  if ('public' in visibility) return 'public'
  return `allowed viewers: ${sorted(visibility.allowed_viewers).join(' ') || 'none'}`
}

function sorted(principals: readonly { toText(): string }[]): string[] {
  return principals.map((principal) => principal.toText()).toSorted()
}
