/** The interface that a module publishes in its metadata: for tests that have no generated binding. */
import { gunzipSync } from 'node:zlib'
import type { IDL } from '@dfinity/candid'
import type { ActorMethod, Binding } from '@tidemark/bindings'
import { CandidError, readInterface, serviceOf } from '@tidemark/candid'
import { readModule, WasmError } from '@tidemark/wasm'
import { UsageError } from './errors.ts'

/** An actor whose methods are known only when it is there: arguments and results are not checked by the compiler. */
export type AnyService = { readonly [method: string]: ActorMethod }

/** A binding from the metadata sections `candid:service` and `candid:args`, plain or gzip modules alike. */
export function publishedBinding(module: Uint8Array): Omit<Binding<AnyService>, 'did'> {
  const sections = new Map(sectionsOf(module).map(({ name, contents }) => [name.replace(/^icp:(?:public|private) /, ''), contents]))
  const did = sections.get('candid:service')
  if (did === undefined) throw new UsageError('the module publishes no interface (metadata candid:service): give a `binding`')
  try {
    const args = sections.get('candid:args')
    const known = readInterface(textOf(did), args && textOf(args))
    return { idlFactory: () => serviceOf(known), init: () => [...known.initArgs] as IDL.Type[] }
  } catch (error) {
    if (!(error instanceof CandidError)) throw error
    throw new UsageError(`the interface that the module publishes cannot be read (${error.message}): give a \`binding\``, { cause: error })
  }
}

/** None in a module that cannot be read: what is wrong with it, its installation tells in the protocol's words. */
function sectionsOf(module: Uint8Array): readonly { readonly name: string; readonly contents: Uint8Array }[] {
  try {
    return readModule(module[0] === 0x1f && module[1] === 0x8b ? gunzipSync(module) : module).customSections
  } catch (error) {
    if (error instanceof WasmError) return []
    throw error
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
