import { IDL } from '@dfinity/candid'
import { monitor } from '@tidemark/bindings'

const methods = new Map(monitor.idlFactory({ IDL })._fields)

/** The types of the initialisation arguments, from the monitor's Candid interface. */
export const initTypes: IDL.Type[] = monitor.init({ IDL })

/**
 * Argument and result types of a method, from the monitor's Candid interface.
 *
 * @throws {Error} while building, when the interface has no such method
 */
export function typesOf(name: string): [parameters: IDL.Type[], result: IDL.Type | undefined] {
  const method = methods.get(name)
  if (method === undefined) throw new Error(`monitor.did has no method ${name}.`)
  return [method.argTypes, method.retTypes[0]]
}
