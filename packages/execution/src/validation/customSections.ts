/** Custom sections named `icp:…`: scope, uniqueness, size and number, in the order in which they stand in the module. */
import type { ModuleFacts } from '@tidemark/wasm'
import { invalidModule } from './invalidModule.ts'
import { moduleLimits } from './moduleLimits.ts'

const encoder = new TextEncoder()

/** @throws RejectError `CanisterInvalidWasm` */
export function checkCustomSections({ customSections }: ModuleFacts): void {
  const names = new Set<string>()
  const { customSections: maxCount, customSectionBytes: maxBytes } = moduleLimits
  let bytes = 0
  for (const section of customSections) {
    const name = scopedName(section.name)
    if (name === undefined) continue
    if (names.has(name)) throw invalid(`Invalid custom section: name ${name} already exists`)
    names.add(name)
    bytes += encoder.encode(name).length + section.contents.length
    if (bytes > maxBytes) {
      throw invalid(
        `Invalid custom sections: total size of the custom sections exceeds the maximum allowed: size ${bytes} bytes, allowed ${maxBytes} bytes`,
      )
    }
    if (names.size > maxCount) {
      throw invalidModule(`Wasm module defined ${names.size} custom sections which exceeds the maximum number allowed ${maxCount}.`)
    }
  }
}

/** What stands behind the scope; undefined for a section that is none of the network's. */
function scopedName(full: string): string | undefined {
  if (!full.startsWith('icp:')) return undefined
  for (const scope of ['icp:public', 'icp:private']) {
    if (full.startsWith(`${scope} `)) return full.slice(scope.length + 1)
    if (full === scope) throw invalid("'icp:' section names must have a space after the public/private scope")
  }
  throw invalid(`Invalid custom section: Custom section '${full}' has no public/private scope defined.`)
}

function invalid(text: string) {
  return invalidModule(`Wasm module has an invalid custom section. ${text}`)
}
