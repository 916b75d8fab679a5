import { code, type CodeWriter } from '../binary/codeWriter.ts'
import { blockFlag, scratch, type BodyPlan } from '../plan/bodyPlan.ts'
import type { BranchHints } from './branchHints.ts'
import type { CountedTypes } from './countedTypes.ts'
import type { OutputIndices } from './outputIndices.ts'
import type { ScratchLocals } from './scratchLocals.ts'

/**
 * Where the instructions left stand at each point of a body.
 *
 * The counter is a parameter and is given back to the caller behind the results. What the blocks of a straight line cost is
 * `pending`: noted here, and taken off the local only where paths meet. `stale` says that the global alone is right: behind
 * calls of the host and of helpers. `synced` says that the global is known to be right, too.
 */
export class CounterFlow {
  readonly #indices: OutputIndices
  readonly #locals: ScratchLocals
  readonly #hints: BranchHints
  readonly #counted: CountedTypes
  #pendingAtIf = new Float64Array(256)
  #syncedAtIf = new Uint8Array(256)
  #stale = false
  #synced = false
  #pending = 0
  /** Nothing reaches the code that is being written. */
  #dead = false

  constructor(indices: OutputIndices, locals: ScratchLocals, hints: BranchHints, counted: CountedTypes) {
    this.#indices = indices
    this.#locals = locals
    this.#hints = hints
    this.#counted = counted
  }

  /** A body begins. */
  start({ controlCount }: BodyPlan): void {
    if (this.#syncedAtIf.length < controlCount) {
      this.#syncedAtIf = new Uint8Array(controlCount * 2)
      this.#pendingAtIf = new Float64Array(controlCount * 2)
    }
    this.#stale = !this.#locals.handed
    this.#synced = !this.#locals.handed
    this.#pending = 0
    this.#dead = false
  }

  /** Behind a call that leaves the counter in the global. */
  noteStale(): void {
    this.#stale = true
    this.#pending = 0
  }

  /** Nothing reaches what follows. */
  noteDead(): void {
    this.#dead = true
  }

  /** Pushes the number of instructions left. */
  push(out: CodeWriter): void {
    if (this.#stale) out.getGlobal(this.#indices.counter)
    else {
      out.get(this.#locals.of(scratch.counter))
      if (this.#pending !== 0) out.i64(this.#pending).op(code.i64Sub)
    }
  }

  /** Makes the local right. */
  settle(out: CodeWriter): void {
    if (!this.#dead) {
      if (this.#stale) {
        out.getGlobal(this.#indices.counter).set(this.#locals.of(scratch.counter))
        this.#synced = true
      } else if (this.#pending !== 0) {
        this.push(out)
        out.set(this.#locals.of(scratch.counter))
      }
    }
    this.#stale = false
    this.#pending = 0
  }

  /** Before an `if`. */
  enterIf(control: number, hasElse: boolean, out: CodeWriter): void {
    // Without an else the untaken path joins at the end with the local as it is here.
    if (this.#stale || !hasElse) this.settle(out)
    this.#pendingAtIf[control] = this.#pending
    this.#syncedAtIf[control] = this.#synced ? 1 : 0
  }

  /** Before an `else`: things are as they were at its `if`. */
  enterElse(control: number, out: CodeWriter): void {
    this.settle(out)
    this.#pending = this.#pendingAtIf[control] ?? 0
    this.#synced = this.#syncedAtIf[control] === 1
    this.#dead = false
  }

  /** Before a `loop`, which other paths reach. */
  enterLoop(out: CodeWriter): void {
    this.settle(out)
    this.#synced = false
  }

  /** Before an `end`, where paths meet. */
  meet(out: CodeWriter): void {
    this.settle(out)
    this.#synced = false
    this.#dead = false
  }

  /** At the end of the function: the counter goes behind the results, or where there is no room for it to the global. */
  giveBack(type: number, out: CodeWriter): void {
    out.get(this.#locals.of(scratch.counter))
    if (!this.#counted.isCounted(type)) out.setGlobal(this.#indices.counter)
  }

  /** Behind a call of a function that counted on. */
  takeBack(type: number, sync: boolean, out: CodeWriter): void {
    this.noteStale()
    if (!this.#counted.isCounted(type)) return
    if (sync) out.tee(this.#locals.of(scratch.counter)).setGlobal(this.#indices.counter)
    else out.set(this.#locals.of(scratch.counter))
    this.#stale = false
    this.#synced = sync
  }

  /** What a slow path left of the counter, if it charges; the paths meet with the same amount pending. */
  takeCharged(charged: boolean, out: CodeWriter): void {
    if (!charged || this.#stale) {
      out.op(code.drop)
      return
    }
    if (this.#pending !== 0) out.i64(this.#pending).op(code.i64Add)
    out.set(this.#locals.of(scratch.counter))
  }

  /** At the start of a block. `frame`: bytes of stack to test for, at the entry of a function that calls others; else -1. */
  enterBlock(block: number, frame: number, plan: BodyPlan, out: CodeWriter): void {
    const cost = plan.blockCost[block] ?? 0
    const flags = plan.blockFlags[block] ?? 0
    const exact = (flags & blockFlag.exact) !== 0
    const global = this.#indices.counter
    if ((flags & blockFlag.checked) !== 0) {
      this.#check(cost, frame, out)
      if (exact) out.get(this.#locals.of(scratch.counter)).setGlobal(global)
      this.#synced = exact
      return
    }
    if (this.#dead) return
    if (cost !== 0 && this.#stale) this.settle(out)
    this.#pending += cost
    if (cost !== 0) this.#synced = false
    if (!exact || this.#stale || this.#synced) return
    this.push(out)
    out.setGlobal(global)
    this.#synced = true
  }

  /** Charge and test; at the entry of a function that calls others the stack depth is tested by the same branch. */
  #check(cost: number, frame: number, out: CodeWriter): void {
    const counter = this.#locals.of(scratch.counter)
    const depth = this.#locals.of(scratch.depth)
    if (frame >= 0) {
      if (this.#locals.handed) out.get(depth)
      else out.getGlobal(this.#indices.depth)
      out.i64(frame).op(code.i64Sub).tee(depth)
    }
    this.#pending += cost
    this.push(out)
    if (this.#stale && cost !== 0) out.i64(cost).op(code.i64Sub)
    this.#stale = false
    this.#pending = 0
    out.tee(counter)
    if (frame >= 0) out.op(code.i64Or)
    out.i64(0).op(code.i64LtS)
    this.#hints.add(out.length)
    out.if().get(counter)
    if (frame >= 0) out.get(depth).call(this.#indices.runtime('enterSlow'))
    else out.call(this.#indices.runtime('exhausted'))
    // Neither comes back, which the engine is told: nothing has to stay alive across the call.
    out.op(code.unreachable).end()
  }
}
