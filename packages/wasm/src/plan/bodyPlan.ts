/**
 * What must change in one function body: a list of edits in the order of the code, and the blocks that are charged.
 *
 * Kept in typed arrays that are reused from body to body: a body of a megabyte leaves no objects behind.
 */

/** Kinds of edits. `a` and `b` are as noted; positions are absolute in the module. */
export const edit = {
  /** A block starts: a = block. */
  head: 1,
  /** Before `if`: a = control. */
  if: 2,
  /** Before `else`: a = control. */
  else: 3,
  /** Before `end` of a block, loop or if: a = control. */
  end: 4,
  /** Before `loop`. */
  loop: 5,
  /** Before `br`, `br_if`, `br_table`: a = 1 when what follows cannot be reached. */
  branch: 6,
  /** `call`: a = function. */
  call: 7,
  /** `call_indirect`: a = type, b = table. */
  callIndirect: 8,
  /** A load or store: a = opcode, b = index of its offset. */
  access: 9,
  /** After a float operation: a = shape. */
  canonical: 10,
  memorySize: 11,
  /** `memory.grow`, `memory.fill`, `memory.copy`. */
  memoryGrow: 12,
  memoryFill: 13,
  memoryCopy: 14,
  /** a = data segment. */
  memoryInit: 15,
  dataDrop: 16,
  /** a = element segment, b = table. */
  tableInit: 17,
  elementDrop: 18,
  /** a = table. */
  tableFill: 19,
  /** a = target table, b = source table. */
  tableCopy: 20,
  tableGrow: 21,
  tableSize: 22,
  tableGet: 23,
  tableSet: 24,
  /** a = function. */
  refFunc: 25,
  /** a = function. */
  returnCall: 26,
  /** `return_call_indirect`: a = type, b = table. */
  returnCallIndirect: 27,
  /** A load that is checked as a store, because one to the same bytes follows: a, b as `access`. */
  accessToChange: 28,
  /** A load that is not checked: a, b as `access`. */
  plainAccess: 29,
  /** Before `return`. */
  return: 30,
  /** Behind `unreachable`. */
  dead: 31,
  /** The two kinds of calls, with code behind them in their block that the global has to be right for. */
  callAndSync: 32,
  callIndirectAndSync: 33,
  /** A load whose address `accessBehind` compares with, and a load from where such a load points: a, b as `access`. */
  accessNoted: 35,
  accessBehind: 36,
  /** A local variable whose number changes and takes more than one byte: a = opcode, b = number. */
  local: 34,
} as const

/** Block flags: `checked` blocks test the counter; in `exact` ones execution may leave the function, so the global must be right. */
export const blockFlag = { checked: 1, exact: 2 } as const

/** Scratch locals a body needs, by bit. */
export const scratch = {
  counter: 0,
  depth: 1,
  address32: 2,
  address64: 3,
  i32: 4,
  i64: 5,
  f32: 6,
  f64: 7,
  v128: 8,
  effective: 9,
  entry: 10,
  noted: 11,
} as const
export const scratchCount = 12

export const editStride = 5

export class BodyPlan {
  edits = new Int32Array(editStride * 1024)
  editCount = 0
  offsets: number[] = []
  /** Positions of the numbers of local variables that change, of one byte each; behind them a position that is never reached. */
  moved = new Int32Array(1024)
  movedCount = 0
  blockCost = new Float64Array(256)
  blockFlags = new Uint8Array(256)
  blockCount = 0
  /** Per control construct: 1 for an `if` with an `else`. */
  hasElse = new Uint8Array(256)
  controlCount = 0
  scratch = 0
  /** Local variables: count without parameters, groups and their bytes, 128-bit ones. */
  localGroups = 0
  localGroupsStart = 0
  localGroupsEnd = 0
  localCount = 0
  vectorLocals = 0
  usesVectors = false
  accessesMemory = false
  callsOut = false
  maxHeight = 0
  instructions = 0
  complexity = 0
  checkedBlocks = 0
  bareBlocks = 0
  bulkOperations = 0

  reset(): void {
    this.editCount = 0
    this.movedCount = 0
    this.offsets.length = 0
    this.blockCount = 0
    this.controlCount = 0
    this.scratch = 1 << scratch.counter
    this.localGroups = 0
    this.localCount = 0
    this.vectorLocals = 0
    this.usesVectors = false
    this.accessesMemory = false
    this.callsOut = false
    this.maxHeight = 0
    this.instructions = 0
    this.complexity = 0
    this.checkedBlocks = 0
    this.bareBlocks = 0
    this.bulkOperations = 0
  }

  /** Notes that the bytes `[from, to)` are handled by an edit; with from = to it only inserts. */
  add(kind: number, from: number, to: number, a: number, b: number): void {
    const at = this.editCount * editStride
    if (at + editStride > this.edits.length) {
      const grown = new Int32Array(this.edits.length * 2)
      grown.set(this.edits)
      this.edits = grown
    }
    const { edits } = this
    edits[at] = kind
    edits[at + 1] = from
    edits[at + 2] = to
    edits[at + 3] = a
    edits[at + 4] = b
    this.editCount++
  }

  /** Notes where the number of a local variable stands that changes. */
  move(position: number): void {
    if (this.movedCount + 1 >= this.moved.length) {
      const grown = new Int32Array(this.moved.length * 2)
      grown.set(this.moved)
      this.moved = grown
    }
    this.moved[this.movedCount++] = position
  }

  kindOf(index: number): number {
    return this.edits[index * editStride] ?? 0
  }

  /** Makes an edit that was noted before one of another kind. */
  setKind(index: number, kind: number): void {
    this.edits[index * editStride] = kind
  }

  /**
   * The global has to be right from the start of a block on, or from a call in it on: such a call gives the counter back,
   * but not to the global.
   */
  needExact(block: number, call: number): void {
    if (call < 0) this.blockFlags[block] = (this.blockFlags[block] ?? 0) | blockFlag.exact
    else this.setKind(call, this.edits[call * editStride] === edit.call ? edit.callAndSync : edit.callIndirectAndSync)
  }

  /** The check of an access needs its address twice. */
  needAddress(wideMemory: boolean, offset: number): void {
    this.scratch |=
      (1 << scratch.entry) | (wideMemory ? 1 << scratch.address64 : 1 << scratch.address32) | (offset === 0 ? 0 : 1 << scratch.effective)
  }

  openBlock(position: number, flags: number): number {
    const block = this.blockCount++
    if (block >= this.blockFlags.length) {
      const cost = new Float64Array(block * 2)
      cost.set(this.blockCost)
      this.blockCost = cost
      const all = new Uint8Array(block * 2)
      all.set(this.blockFlags)
      this.blockFlags = all
    }
    this.blockCost[block] = 0
    this.blockFlags[block] = flags
    this.add(edit.head, position, position, block, 0)
    return block
  }

  /** Closes a block: what it costs, and whether the global has to be right in it. */
  closeBlock(block: number, cost: number, exact: number, call: number): void {
    this.blockCost[block] = cost
    if (exact !== 0) this.needExact(block, call)
  }

  openControl(): number {
    const control = this.controlCount++
    if (control >= this.hasElse.length) {
      const hasElse = new Uint8Array(control * 2)
      hasElse.set(this.hasElse)
      this.hasElse = hasElse
    }
    this.hasElse[control] = 0
    return control
  }
}
