/** Short forms of results. */
import type { CanisterState } from '@tidemark/state'
import type { Answer, ManagementResult } from './call.ts'
import { encodeReply, type MethodName, type Reply } from './codec.ts'

/** What a successful call reports besides its value. */
export interface ReplyExtras {
  readonly target?: CanisterState
  readonly cyclesKept?: bigint
  readonly answers?: readonly Answer[]
  readonly changedBytes?: number
  readonly roundInstructions?: number
}

/** A reply; the cycles attached return unless `cyclesKept` says otherwise. */
export function replyWith<M extends MethodName>(method: M, value: Reply<M>, extras: ReplyExtras = {}): ManagementResult {
  return {
    kind: 'reply',
    data: encodeReply(method, value),
    cyclesKept: extras.cyclesKept ?? 0n,
    ...(extras.target === undefined ? {} : { target: extras.target.id }),
    ...(extras.changedBytes === undefined ? {} : { changedBytes: extras.changedBytes }),
    ...(extras.roundInstructions === undefined ? {} : { roundInstructions: extras.roundInstructions }),
    ...(extras.answers === undefined ? {} : { answers: extras.answers }),
  }
}
