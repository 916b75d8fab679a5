import { code } from '../binary/codeWriter.ts'
import { writeBody } from '../emit/madeParts.ts'
import { runtimeFunctionNames, type RuntimeFunctionName } from '../emit/outputIndices.ts'
import { bounds, enterSlow, exhausted, take } from './coreFunctions.ts'
import { addEntry, logUnit, rangeWrite, slowWrite, touchWritten } from './loggedPages.ts'
import { clearMarks } from './mapEntries.ts'
import { copy, fill, grow } from './memoryFunctions.ts'
import { rangeRead, slowRead, touchChunk } from './readPages.ts'
import type { RuntimeContext, RuntimeFunction } from './runtimeContext.ts'

type Make = (context: RuntimeContext) => RuntimeFunction

/** What each helper needs to exist for: nothing, a memory, or the dirty map. */
const helpers: Readonly<Record<RuntimeFunctionName, readonly ['always' | 'memory' | 'map', Make]>> = {
  exhausted: ['always', exhausted],
  enterSlow: ['always', enterSlow],
  take: ['always', take],
  bounds: ['map', bounds],
  touchChunk: ['map', touchChunk],
  touchWritten: ['map', touchWritten],
  logUnit: ['map', logUnit],
  addEntry: ['map', addEntry],
  rangeRead: ['map', rangeRead],
  rangeWrite: ['map', rangeWrite],
  slowRead: ['map', slowRead],
  slowWrite: ['map', slowWrite],
  clearMarks: ['map', clearMarks],
  grow: ['memory', grow],
  fill: ['memory', fill],
  copy: ['memory', copy],
}

const absent: RuntimeFunction = { params: [], results: [], body: writeBody([], (out) => out.op(code.unreachable)) }

/** All helpers in the order of their indices; those that the module cannot use keep their place with an empty body. */
export function makeRuntimeFunctions(context: RuntimeContext): RuntimeFunction[] {
  return runtimeFunctionNames.map((name) => {
    const [needs, make] = helpers[name]
    const wanted = needs === 'always' || (needs === 'memory' ? context.hasMemory : context.options.tracked)
    return wanted ? make(context) : absent
  })
}
