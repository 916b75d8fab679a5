/** A network with its system canisters, and typed calls to them without a client in between. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { IDL } from '@dfinity/candid'
import { Principal as CandidPrincipal } from '@dfinity/principal'
import { type Binding, management, type ManagementService } from '@tidemark/bindings'
import { buildCanister } from '@tidemark/build'
import { createReplica, type Replica } from '@tidemark/replica'
import { TestReplica } from '@tidemark/testing'
import { anonymousPrincipal, managementCanisterId, Principal } from '@tidemark/types'
import { installSystemCanisters, systemCanisters } from '../../src/index.ts'

/** The same modules are installed over and over. */
const rewritten = new Map<string, Uint8Array>()

const root = join(import.meta.dirname, '..', '..', '..', '..')

/** The modules, built once and then taken from the kept builds. */
export async function systemModules(): Promise<ReadonlyMap<string, Uint8Array>> {
  const built = await Promise.all([...new Set(systemCanisters.map(({ name }) => name))].map((name) => buildCanister({ root, name })))
  return new Map(built.map(({ name, wasmPath }) => [name, new Uint8Array(readFileSync(wasmPath))]))
}

type Methods<Service> = {
  [Method in keyof Service]: Service[Method] extends (...args: infer Args) => Promise<infer Result> ? (...args: Args) => Result : never
}

export class Furnished {
  readonly replica: Replica
  readonly #test: TestReplica

  constructor(modules: ReadonlyMap<string, Uint8Array>, seed?: Uint8Array) {
    this.replica = createReplica({
      ...(seed && { seed }),
      rewrittenModules: { load: (key) => rewritten.get(key), save: (key, module) => rewritten.set(key, module) },
    })
    this.#test = new TestReplica(this.replica)
    const { subnetId } = this.replica
    const ranges = [{ start: Principal.canister(0n), end: Principal.canister(2n ** 64n - 1n) }]
    const facts = { subnets: [{ id: subnetId, type: 'application', ranges }], defaultSubnets: [subnetId], funded: [] }
    installSystemCanisters(this.replica, { ...facts, modules })
  }

  /** Methods of a system canister, called by `sender`: queries as queries, everything else as updates. */
  as<Service>(sender: Principal, name: string): Methods<Service> {
    const found = systemCanisters.find((canister) => canister.name === name)
    if (found === undefined) throw new Error(`there is no system canister ${name}`)
    return this.actor<Service>(sender, found.id, found.binding)
  }

  management(effectiveCanisterId: Principal): Methods<ManagementService> {
    return this.actor<ManagementService>(anonymousPrincipal, managementCanisterId, management, effectiveCanisterId)
  }

  actor<Service>(sender: Principal, canisterId: Principal, { idlFactory }: Binding, effectiveCanisterId = canisterId): Methods<Service> {
    const call =
      (method: string, type: IDL.FuncClass) =>
      (...args: unknown[]) => {
        const options = { as: sender, effectiveCanisterId, query: type.annotations.includes('query') }
        const reply = this.#test.call(canisterId, method, new Uint8Array(IDL.encode(type.argTypes, args)), options)
        const values = IDL.decode(type.retTypes, reply)
        return values.length > 1 ? values : values[0]
      }
    const methods = idlFactory({ IDL })._fields.map(([name, type]) => [name, call(name, type)])
    return Object.fromEntries(methods) as Methods<Service>
  }
}

export function candid(principal: Principal): CandidPrincipal {
  return CandidPrincipal.fromUint8Array(principal.bytes)
}

/** Somebody with an own key, told from others by a number. */
export function person(number: number): Principal {
  return Principal.selfAuthenticating(new Uint8Array(28).fill(number))
}
