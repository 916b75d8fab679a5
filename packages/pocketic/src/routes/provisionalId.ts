import { IDL } from '@dfinity/candid'
import { limitDecoding } from '@tidemark/bindings'
import { Principal } from '@tidemark/types'

const argument = [IDL.Record({ specified_id: IDL.Opt(IDL.Principal) })]

/** The canister id that a creation asks for; undefined when it asks for none, or its argument is none. */
export function decodeProvisionalId(arg: Uint8Array): Principal | undefined {
  try {
    limitDecoding(arg)
    const [record] = IDL.decode(argument, arg) as unknown as [{ readonly specified_id: readonly { toUint8Array(): Uint8Array }[] }]
    const [id] = record.specified_id
    return id && Principal.fromBytes(id.toUint8Array())
  } catch {
    // The subnet tells what is wrong with the argument.
    return undefined
  }
}
