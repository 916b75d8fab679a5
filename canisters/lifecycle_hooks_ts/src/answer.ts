import { IDL } from '@dfinity/candid'
import { HookRejection } from '@tidemark/hooks'
import { msgReject, msgReply } from 'azle'
import { encodeResult } from './service.ts'

const nothing = IDL.encode([], [])

/**
 * Answers a method with what its work gives. A rejection of the hooks becomes a reject: a trap would undo what they have
 * noted. Any other error stays one.
 */
export async function answer(method: string, work: () => unknown): Promise<void> {
  try {
    const result = await work()
    msgReply(result === undefined ? nothing : encodeResult(method, result))
  } catch (error) {
    if (!(error instanceof HookRejection)) throw error
    msgReject(error.message)
  }
}
