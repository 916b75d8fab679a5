/** Answering the call being processed. @see Interface specification, "Responding". */
import { isReplicated } from '../entryKind.ts'
import { contractViolation } from '../trap.ts'
import { type Machine, type SystemCallGroup, systemCall } from './systemCall.ts'

const contexts = 'U RQ NRQ TQ CQ Ry Rt CRy CRt'
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** System calls that answer. */
export const replyCalls: SystemCallGroup = {
  msg_reply_data_append: systemCall(contexts, ({ execution, memory }: Machine, source: number, size: number) => {
    requireOpen({ execution })
    requireSize({ execution }, 'ic0.msg_reply_data_append', execution.replySize + size)
    execution.replyChunks.push(memory.read('ic0.msg_reply_data_append', source, size))
    execution.replySize += size
  }),
  msg_reply: systemCall(contexts, ({ execution }: Machine) => {
    requireOpen({ execution })
    execution.answer = { kind: 'reply', data: concat(execution.replyChunks, execution.replySize) }
  }),
  msg_reject: systemCall(contexts, ({ execution, memory }: Machine, source: number, size: number) => {
    requireOpen({ execution })
    requireSize({ execution }, 'ic0.msg_reject', size)
    const bytes = memory.read('ic0.msg_reject', source, size)
    execution.answer = { kind: 'reject', message: utf8('ic0.msg_reject', bytes) }
  }),
}

function requireOpen({ execution }: Pick<Machine, 'execution'>): void {
  if (!execution.input.canRespond || execution.answer !== undefined) {
    throw contractViolation('ic0.msg_reply_data_append: the call has already been replied to or rejected')
  }
}

function requireSize({ execution }: Pick<Machine, 'execution'>, call: string, size: number): void {
  const { limits } = execution.env
  const max = isReplicated(execution.kind) ? limits.responseBytes : limits.queryResponseBytes
  if (size > max) throw contractViolation(`${call}: application payload size (${size}) cannot be larger than ${max}.`)
}

/** Text of bytes that must be UTF-8. @throws Trap otherwise */
export function utf8(call: string, bytes: Uint8Array): string {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    throw contractViolation(`${call}: the text is not valid UTF-8`)
  }
}

/** Joins chunks of a known total length. */
export function concat(chunks: readonly Uint8Array[], size: number): Uint8Array {
  if (chunks.length === 1) return chunks[0] as Uint8Array
  const joined = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.length
  }
  return joined
}
