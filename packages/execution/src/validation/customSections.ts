/** Custom sections named `icp:…`: scope, uniqueness, number and size. */
import type { ModuleFacts } from '@tidemark/wasm'
import { invalidModule } from './decodeModule.ts'
import { moduleLimits } from './moduleLimits.ts'

const encoder = new TextEncoder()

/** @throws RejectError `CanisterInvalidWasm` */
export function checkCustomSections({ customSections }: ModuleFacts): void {
  const names = new Set<string>()
  let bytes = 0
  for (const section of customSections) {
    if (!section.name.startsWith('icp:')) continue
    const name = scopedName(section.name)
    if (names.has(name)) throw invalid(`name ${name} already exists`)
    names.add(name)
    bytes += encoder.encode(name).length + section.contents.length
  }
  const { customSections: maxCount, customSectionBytes: maxBytes } = moduleLimits
  if (names.size > maxCount)
    throw invalid(`total number of custom sections exceeds the maximum allowed: ${names.size}, allowed ${maxCount}`)
  if (bytes > maxBytes)
    throw invalid(`total size of the custom sections exceeds the maximum allowed: size ${bytes} bytes, allowed ${maxBytes} bytes`)
}

function scopedName(full: string): string {
  const rest = full.slice('icp:'.length)
  for (const scope of ['public', 'private']) {
    if (!rest.startsWith(scope)) continue
    if (rest[scope.length] !== ' ') throw invalid("'icp:' section names must have a space after the public/private scope")
    return rest.slice(scope.length + 1)
  }
  throw invalid(`section ${full} has no public/private scope defined.`)
}

function invalid(text: string) {
  return invalidModule(`Invalid custom section: ${text}`)
}
