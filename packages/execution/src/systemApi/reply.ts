/** Answering the call being processed. @see Interface specification, "Responding". */
import type { Advice } from '../advice.ts'
import { isReplicated } from '../entryKind.ts'
import { contractViolation } from '../trap.ts'
import { type Machine, type SystemCallGroup, systemCall } from './systemCall.ts'

const contexts = 'U RQ NRQ TQ CQ Ry Rt CRy CRt'
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** System calls that answer. */
export const replyCalls: SystemCallGroup = {
  msg_reply_data_append: systemCall(contexts, ({ execution, memory }: Machine, source: number, size: number) => {
    requireOpen({ execution }, 'ic0.msg_reply_data_append: the call is already replied.')
    requireSize({ execution }, 'ic0.msg_reply_data_append', execution.replySize + size, longReply)
    execution.replyChunks.push(memory.read('msg.reply', source, size))
    execution.replySize += size
  }),
  msg_reply: systemCall(contexts, ({ execution }: Machine) => {
    requireOpen({ execution }, 'ic0.msg_reply: the call is already replied')
    execution.answer = { kind: 'reply', data: concat(execution.replyChunks, execution.replySize) }
  }),
  msg_reject: systemCall(contexts, ({ execution, memory }: Machine, source: number, size: number) => {
    requireOpen({ execution }, 'ic0.msg_reject: the call is already replied')
    requireSize({ execution }, 'ic0.msg_reject', size, longReject)
    const bytes = memory.read('ic0.msg_reject', source, size)
    execution.answer = { kind: 'reject', message: utf8('ic0.msg_reject', bytes) }
  }),
}

const longReply = {
  suggestion: 'Consider checking the response size and returning an error if it is too long.',
  anchor: 'msg_reply_data_append-payload-too-large',
} as const
const longReject = {
  suggestion: 'Try truncating the error messages that are too long.',
  anchor: 'msg_reject-payload-too-large',
} as const

function requireOpen({ execution }: Pick<Machine, 'execution'>, text: string): void {
  if (!execution.input.canRespond || execution.answer !== undefined) throw contractViolation(text)
}

function requireSize({ execution }: Pick<Machine, 'execution'>, call: string, size: number, advice: Advice): void {
  const { limits } = execution.env
  const max = isReplicated(execution.kind) ? limits.responseBytes : limits.queryResponseBytes
  if (size > max) throw contractViolation(`${call}: application payload size (${size}) cannot be larger than ${max}.`, advice)
}

/** Text of bytes that must be UTF-8. @throws Trap otherwise */
function utf8(call: string, bytes: Uint8Array): string {
  const text = decodeUtf8(bytes)
  if (text === undefined) throw contractViolation(`${call}: invalid UTF-8 string provided`)
  return text
}

/** Text of bytes; undefined when they are not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return undefined
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
