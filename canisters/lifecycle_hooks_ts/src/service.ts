import { IDL } from '@dfinity/candid'
import { lifecycleHooksExample } from '@tidemark/bindings'

const methods = new Map(lifecycleHooksExample.idlFactory({ IDL })._fields)

/** The types of the initialisation arguments, from the interface of the Motoko twin. */
export const initTypes: IDL.Type[] = lifecycleHooksExample.init({ IDL })

/**
 * Argument and result types of a method, from the interface of the Motoko twin.
 *
 * @throws {Error} while building, when that has no such method
 */
export function typesOf(name: string): [parameters: IDL.Type[], result: IDL.Type | undefined] {
  const method = methods.get(name)
  if (method === undefined) throw new Error(`lifecycle_hooks.did has no method ${name}.`)
  return [method.argTypes, method.retTypes[0]]
}

/** The decoded arguments of a method. */
export function decodeArguments(name: string, bytes: Uint8Array): readonly unknown[] {
  return IDL.decode(typesOf(name)[0], bytes)
}

/** The encoded result of a method. */
export function encodeResult(name: string, ...values: unknown[]): Uint8Array {
  return IDL.encode(methods.get(name)?.retTypes ?? [], values)
}
