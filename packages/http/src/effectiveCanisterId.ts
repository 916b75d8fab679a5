/**
 * Effective canister ids: which canister a request is routed to, by its path and by its content.
 *
 * @see Interface specification, "Effective canister id".
 */
import { IDL } from '@dfinity/candid'
import { limitDecoding } from '@tidemark/bindings'
import { managementCanisterId, Principal } from '@tidemark/types'
import type { CallContent } from './envelope.ts'
import { HttpError } from './httpError.ts'

/** Management methods that name no canister in their argument: any id that the subnet hosts will do. */
const anyCanister = new Set(['create_canister', 'provisional_create_canister_with_cycles', 'list_canisters'])

/** Checks that the id in the path fits the request. @throws HttpError 400 */
export function checkEffectiveCanisterId(content: CallContent, idInPath: Principal): void {
  const expected = effectiveCanisterId(content)
  if (expected === undefined || expected.equals(idInPath)) return
  throw new HttpError(400, `Specified CanisterId ${expected.toText()} does not match effective canister id in URL ${idInPath.toText()}`)
}

/** `undefined` when any id will do, and when the argument says none: then the ingress filter has the last word. */
function effectiveCanisterId({ canisterId, methodName, arg }: CallContent): Principal | undefined {
  if (!canisterId.equals(managementCanisterId)) return canisterId
  if (anyCanister.has(methodName)) return undefined
  return canisterInArgument(arg, methodName === 'install_chunked_code' ? 'target_canister' : 'canister_id')
}

function canisterInArgument(arg: Uint8Array, field: string): Principal | undefined {
  try {
    limitDecoding(arg)
    const [record] = IDL.decode([IDL.Record({ [field]: IDL.Principal })], arg) as unknown as [
      Record<string, { toUint8Array(): Uint8Array }>,
    ]
    const principal = record[field]
    return principal && Principal.fromBytes(principal.toUint8Array())
  } catch {
    return undefined
  }
}
