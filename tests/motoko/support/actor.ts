/** A canister that runs a Motoko program, with its methods called by name. */
import type { Principal } from '@tidemark/types'
import { type Outcome, type SendOptions, expectReject, expectReply } from '../../support/index.ts'
import { type Argument, decodeResult, encodeArguments } from './candid.ts'
import type { Stage } from './stage.ts'

export class Actor {
  readonly id: Principal
  readonly #stage: Stage

  constructor(stage: Stage, id: Principal) {
    this.#stage = stage
    this.id = id
  }

  install(program: string, args: readonly Argument[] = []): Outcome {
    return this.#stage.put(this.id, program, 'install', args)
  }

  reinstall(program: string, args: readonly Argument[] = []): void {
    expectReply(this.#stage.put(this.id, program, 'reinstall', args))
  }

  upgrade(program: string, args: readonly Argument[] = []): void {
    expectReply(this.#stage.put(this.id, program, 'upgrade', args))
  }

  /** An upgrade that must be refused. @returns why */
  failUpgrade(program: string, args: readonly Argument[] = []): string {
    return expectReject(this.#stage.put(this.id, program, 'upgrade', args))
  }

  /** Calls an update method, or a query as an update. @returns its result */
  call(method: string, ...args: Argument[]): unknown {
    return decodeResult(expectReply(this.send(method, args)).bytes)
  }

  /** Calls an update method that must be rejected. @returns code and text */
  fail(method: string, ...args: Argument[]): string {
    return expectReject(this.send(method, args))
  }

  send(method: string, args: readonly Argument[], options: SendOptions = {}): Outcome {
    return this.#stage.call(this.id, method, encodeArguments(args), options)
  }

  /** Submits an update without running a round. @returns the request id */
  submit(method: string, ...args: Argument[]): Uint8Array {
    const sent = this.#stage.submit(this.id, method, encodeArguments(args))
    if (!(sent instanceof Uint8Array)) throw new Error(`refused: ${sent.message}`)
    return sent
  }

  /** Calls a query method. @returns its result */
  query(method: string, ...args: Argument[]): unknown {
    return decodeResult(expectReply(this.#stage.query(this.id, encodeArguments(args), method)).bytes)
  }

  /** Calls a query method that must be rejected. @returns code and text */
  failQuery(method: string, ...args: Argument[]): string {
    return expectReject(this.#stage.query(this.id, encodeArguments(args), method))
  }
}
