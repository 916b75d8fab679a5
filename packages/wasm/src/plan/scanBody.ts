import { ByteReader } from '../binary/byteReader.ts'
import type { ModuleLayout, Range } from '../decode/layout.ts'
import { hasRoom, mostLocals } from '../decode/moduleLimits.ts'
import { refusedOpcode } from '../decode/proposals.ts'
import {
  immediateKinds as kind,
  accessSizeOf,
  complexityOf,
  immediateOf,
  miscBase,
  nanOf,
  opcodeCount,
  popsOf,
  pushesOf,
  trapsOf,
  vectorBase,
} from '../opcodes/opcodeTable.ts'
import { blockFlag, edit, scratch, type BodyPlan } from './bodyPlan.ts'
import { ControlStack } from './controlStack.ts'
import { AccessPlanner, type AccessSettings } from './accessPlanner.ts'
import { ModuleUse } from './moduleUse.ts'
import { scanLocals } from './scanLocals.ts'
import { scanRare } from './scanRare.ts'

/** 1 for loads and `local.tee`. */
const keepsSlotOf = accessSizeOf.map((size, opcode) => (size !== 0 || opcode === 0x22 ? 1 : 0))

/** What a body is scanned for. */
export interface ScanSettings extends AccessSettings {
  readonly weights: Uint32Array
  readonly entryCost: number
}

/**
 * Reads one body, front to back and once, and fills the plan.
 *
 * Checks structure (known opcodes, nesting, indices, ends), not types. One loop over bytes by design: it is the hot path of
 * the whole package, and splitting it by opcode family costs more than half of its speed.
 */
export class BodyScanner {
  readonly #layout: ModuleLayout
  readonly #settings: ScanSettings
  readonly #paramCounts: Uint32Array
  readonly #resultCounts: Uint32Array
  /** 1 for types whose functions are handed the counter and give it back. */
  readonly #counted: Uint8Array
  readonly #control = new ControlStack()
  readonly #access: AccessPlanner
  readonly #reader: ByteReader
  /** What all bodies so far use of the module. */
  readonly use = new ModuleUse()

  constructor(layout: ModuleLayout, settings: ScanSettings) {
    this.#layout = layout
    this.#settings = settings
    this.#access = new AccessPlanner(settings)
    this.#paramCounts = Uint32Array.from(layout.types, (type) => type.params.length)
    this.#resultCounts = Uint32Array.from(layout.types, (type) => type.results.length)
    this.#counted = Uint8Array.from(layout.types, (type) => (hasRoom(type.params.length, type.results.length) ? 1 : 0))
    this.#reader = new ByteReader(layout.bytes)
  }

  /** Plans the body of the function with that type. */
  scan(range: Range, typeIndex: number, plan: BodyPlan): void {
    plan.reset()
    this.#reader.position = range.start
    this.#reader.end = range.end
    scanLocals(this.#reader, plan)
    this.#scanCode(typeIndex, plan)
  }

  #scanCode(typeIndex: number, plan: BodyPlan): void {
    const { weights, entryCost, wideMemory } = this.#settings
    const reader = this.#reader
    const { bytes, end } = reader
    const control = this.#control
    const used = this.use.opcodes
    const access = this.#access
    const { ready } = access
    access.reset((this.#paramCounts[typeIndex] ?? 0) + plan.localCount)
    control.reset()
    control.push(plan.openControl(), 0x02, 0, 0, this.#resultCounts[typeIndex] ?? 0)
    // Two parameters more: the numbers of all other locals change.
    const firstMoved = this.#counted[typeIndex] === 1 ? (this.#paramCounts[typeIndex] ?? 0) : mostLocals
    let position = reader.position
    let height = 0
    let maxHeight = 0
    let instructions = 0
    let complexity = 0
    let block = plan.openBlock(position, blockFlag.checked)
    let cost = entryCost
    let exact = 0
    // The last call in the block that gave the counter back, by its edit.
    let lastCall = -1

    while (control.depth > 0) {
      if (position >= end) {
        reader.position = end
        reader.fail('unexpected end of function body')
      }
      const start = position
      let opcode = bytes[position++] ?? 0
      if (opcode >= 0xfc) {
        reader.position = position
        const sub = reader.u32()
        position = reader.position
        const base = opcode === 0xfc ? miscBase : vectorBase
        opcode = (opcode === 0xfc || opcode === 0xfd) && sub < 0x100 ? base + sub : opcodeCount
        if (base === vectorBase) plan.usesVectors = true
      }
      const immediate = immediateOf[opcode] ?? -1
      if (immediate < 0) {
        reader.position = start + 1
        const first = bytes[start] ?? 0
        const sub = first >= 0xfb && first !== 0xff ? reader.u32() : 0
        reader.position = start
        reader.fail(refusedOpcode(first, sub))
      }
      used[opcode] = 1
      instructions++
      complexity += complexityOf[opcode] ?? 0
      cost += weights[opcode] ?? 0
      if (trapsOf[opcode] !== 0) {
        exact = 1
        access.trapped = true
      }
      height -= popsOf[opcode] ?? 0
      if (height < control.base) height = control.base
      if (pushesOf[opcode] !== 0) {
        // What a load and `local.tee` push takes the place of what they popped, which is still wanted.
        if (keepsSlotOf[opcode] === 0) ready.forget(height)
        height++
      }

      switch (immediate) {
        case kind.none:
          if (opcode > 0x11) {
            const nan = nanOf[opcode] ?? 0
            if (nan !== 0 && nan !== (nanOf[bytes[position] ?? 0] ?? 0)) {
              plan.add(edit.canonical, position, position, nan, 0)
              plan.scratch |= nan === 1 ? 1 << scratch.f32 : nan === 2 ? 1 << scratch.f64 : 1 << scratch.v128
            }
            break
          }
          if (opcode === 0x01) break
          if (opcode === 0x05) {
            // else
            if (!control.startElse()) reader.fail('else without if')
            plan.add(edit.else, start, start, control.id, 0)
            plan.hasElse[control.id] = 1
            height = control.base + control.params
            ready.leave(control.depth)
            ready.forgetSlots(control.base, height)
          } else if (opcode === 0x0b) {
            // end
            plan.add(edit.end, start, start, 0, 0)
            height = control.base + control.results
            ready.leave(control.depth)
            ready.forgetSlots(control.base, height)
            control.pop()
          } else {
            // unreachable and return
            if (opcode === 0x0f) plan.add(edit.return, start, start, 0, 0)
            else plan.add(edit.dead, position, position, 0, 0)
            height = control.base
          }
          plan.closeBlock(block, cost, exact, lastCall)
          if (control.depth > 0) {
            block = plan.openBlock(position, 0)
            cost = exact = 0
            lastCall = -1
          }
          break
        case kind.local: {
          let local = bytes[position++] ?? 0
          if (local >= 0x80) {
            reader.position = position - 1
            local = reader.u32()
            position = reader.position
          }
          if (local >= firstMoved) {
            if (local < 0x7e && position === start + 2) plan.move(position - 1)
            else plan.add(edit.local, start, position, opcode, local)
          }
          if (opcode === 0x20) ready.read(local, height - 1)
          else {
            const slot = opcode === 0x21 ? height : height - 1
            ready.write(local, slot)
            if (opcode === 0x22) ready.read(local, slot)
          }
          break
        }
        case kind.i32:
          while ((bytes[position++] ?? 0) >= 0x80 && position < end);
          break
        case kind.global:
        case kind.i64:
          while ((bytes[position++] ?? 0) >= 0x80 && position < end);
          break
        case kind.memory:
        case kind.memoryLane: {
          plan.accessesMemory = true
          reader.position = position
          const align = reader.u32()
          if (align >= 64 && reader.u32() !== 0) reader.fail('unknown memory')
          const offset = wideMemory ? reader.u64() : reader.u32()
          if (immediate === kind.memoryLane) reader.skip(1)
          position = reader.position
          // The address was the lowest operand: where it stood, the result stands now, or nothing.
          exact = access.plan(opcode, offset, height - (pushesOf[opcode] ?? 0), start, position, exact, plan)
          break
        }
        case kind.block: {
          reader.position = position
          const type = bytes[position] ?? 0
          let params = 0
          let results = 0
          if (type === 0x40 || (type >= 0x6f && type <= 0x7f)) {
            position++
            results = type === 0x40 ? 0 : 1
          } else {
            const index = reader.u32()
            if (index >= this.#layout.types.length) reader.fail(`unknown type ${index}`)
            params = this.#paramCounts[index] ?? 0
            results = this.#resultCounts[index] ?? 0
            position = reader.position
          }
          const id = plan.openControl()
          const base = height - params < control.base ? control.base : height - params
          if (params !== 0) ready.forgetSlots(base, height)
          ready.enter(control.depth + 1, opcode === 0x03)
          if (opcode === 0x02) {
            control.push(id, opcode, base, params, results)
            break
          }
          plan.add(opcode === 0x03 ? edit.loop : edit.if, start, start, id, 0)
          control.push(id, opcode, base, params, results)
          plan.closeBlock(block, cost, exact, lastCall)
          block = plan.openBlock(position, opcode === 0x03 ? blockFlag.checked : 0)
          cost = exact = 0
          lastCall = -1
          break
        }
        case kind.label:
        case kind.labels: {
          reader.position = position
          const count = immediate === kind.label ? 1 : reader.count() + 1
          for (let index = 0; index < count; index++) {
            const label = reader.u32()
            if (label >= control.depth) reader.fail(`unknown label ${label}`)
          }
          position = reader.position
          plan.add(edit.branch, start, start, opcode === 0x0d ? 0 : 1, 0)
          if (opcode !== 0x0d) height = control.base
          plan.closeBlock(block, cost, exact, lastCall)
          block = plan.openBlock(position, 0)
          cost = exact = 0
          lastCall = -1
          break
        }
        case kind.function: {
          reader.position = position
          const index = reader.u32()
          position = reader.position
          const type = this.#layout.functionTypes[index] ?? reader.fail(`unknown function ${index}`)
          if (opcode === 0xd2) {
            plan.add(edit.refFunc, start, position, index, 0)
            this.use.referenced.add(index)
            break
          }
          plan.callsOut = true
          if (this.#counted[type] === 0 || (opcode === 0x10 && index < this.#layout.importedFunctions)) exact = 1
          height -= this.#paramCounts[type] ?? 0
          if (height < control.base) height = control.base
          if (opcode === 0x10) {
            if (index >= this.#layout.importedFunctions) {
              if (exact !== 0) plan.needExact(block, lastCall)
              lastCall = plan.editCount
              exact = 0
            }
            plan.add(edit.call, start, position, index, 0)
            ready.forgetSlots(height, height + (this.#resultCounts[type] ?? 0))
            height += this.#resultCounts[type] ?? 0
            break
          }
          plan.add(edit.returnCall, start, position, index, 0)
          height = control.base
          plan.closeBlock(block, cost, exact, lastCall)
          block = plan.openBlock(position, 0)
          cost = exact = 0
          lastCall = -1
          break
        }
        case kind.indirect: {
          reader.position = position
          const type = reader.u32()
          const table = reader.u32()
          position = reader.position
          if (type >= this.#layout.types.length) reader.fail(`unknown type ${type}`)
          plan.callsOut = true
          // It may trap before the callee has the counter: no such entry, or one of another type.
          exact = 1
          height -= this.#paramCounts[type] ?? 0
          if (height < control.base) height = control.base
          plan.scratch |= 1 << (this.#layout.tables[table]?.limits.address === 'i64' ? scratch.address64 : scratch.entry)
          if (opcode === 0x11) {
            plan.needExact(block, lastCall)
            lastCall = plan.editCount
            exact = 0
            plan.add(edit.callIndirect, start, position, type, table)
            ready.forgetSlots(height, height + (this.#resultCounts[type] ?? 0))
            height += this.#resultCounts[type] ?? 0
            break
          }
          plan.add(edit.returnCallIndirect, start, position, type, table)
          height = control.base
          plan.closeBlock(block, cost, 1, lastCall)
          block = plan.openBlock(position, 0)
          cost = exact = 0
          lastCall = -1
          break
        }
        case kind.f32:
          position += 4
          break
        case kind.f64:
          position += 8
          break
        case kind.v128:
        case kind.shuffle:
          position += 16
          break
        case kind.lane:
        case kind.heapType:
          position++
          break
        case kind.types: {
          reader.position = position
          const count = reader.count()
          reader.skip(count)
          position = reader.position
          break
        }
        default:
          reader.position = position
          if (scanRare(reader, opcode, immediate, start, plan, this.use)) exact = 1
          position = reader.position
      }
      if (height > maxHeight) maxHeight = height
    }
    reader.position = position
    if (position !== end) reader.fail('function body must end with end opcode')
    plan.instructions = instructions
    plan.complexity = complexity
    plan.maxHeight = maxHeight
    if (plan.callsOut) plan.scratch |= 1 << scratch.depth
    for (let index = 0; index < plan.blockCount; index++) {
      if (((plan.blockFlags[index] ?? 0) & blockFlag.checked) !== 0) plan.checkedBlocks++
      else if (plan.blockCost[index] !== 0) plan.bareBlocks++
    }
  }
}
