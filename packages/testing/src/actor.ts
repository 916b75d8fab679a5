/** Actors: objects with the methods of a Candid interface. */
import { IDL } from '@dfinity/candid'
import type { ActorMethod, Binding } from '@tidemark/bindings'
import { UsageError } from './errors.ts'

/** Sends the bytes of a call and gives those of its reply. */
export type Send = (methodName: string, arg: Uint8Array, isQuery: boolean) => Uint8Array

/**
 * An actor whose methods encode, send and decode. One result comes back as it is, several as a list, none as undefined.
 *
 * @throws UsageError on the first use of a method that the interface does not have
 */
export function createActor<Service>({ idlFactory }: Pick<Binding<Service>, 'idlFactory' | 'service'>, send: Send): Service {
  const service = idlFactory({ IDL })
  const methods: Record<string, ActorMethod> = {}
  for (const [name, type] of service._fields) methods[name] = methodOf(name, type, send)
  return new Proxy(methods, { get: methodNamed }) as Service
}

function methodOf(name: string, type: IDL.FuncClass, send: Send): ActorMethod {
  const isQuery = type.annotations.some((annotation) => annotation === 'query' || annotation === 'composite_query')
  return async (...args) => {
    const reply = send(name, new Uint8Array(IDL.encode(type.argTypes, args)), isQuery)
    const values = IDL.decode(type.retTypes, reply)
    return values.length > 1 ? values : values[0]
  }
}

function methodNamed(methods: Record<string, ActorMethod>, name: string | symbol): unknown {
  // Awaiting an actor, and printing it, look for names that no interface has.
  if (typeof name === 'symbol' || name === 'then' || name === 'toJSON' || name in methods) return Reflect.get(methods, name)
  throw new UsageError(`the interface has no method ${name}; it has ${Object.keys(methods).join(', ')}`)
}
