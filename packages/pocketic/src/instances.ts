/** The instances of a server. Numbers count up from 0 and are never used again. */
import type { InstanceConfig } from './instance/config.ts'
import { Instance, type InstanceObserver } from './instance/instance.ts'
import { ApiError } from './wire/apiError.ts'

export class Instances {
  readonly #observer: InstanceObserver
  readonly #all: (Instance | undefined)[] = []

  constructor(observer: InstanceObserver) {
    this.#observer = observer
  }

  create(config: InstanceConfig): { readonly id: number; readonly instance: Instance } {
    const instance = new Instance(config, this.#observer)
    return { id: this.#all.push(instance) - 1, instance }
  }

  /** @param id - as it stands in a path or a body. @throws ApiError 404 when there is none, or none any more */
  get(id: string): Instance {
    const index = /^\d{1,9}$/.test(id) ? Number(id) : this.#all.length
    const instance = this.#all[index]
    if (instance !== undefined) return instance
    throw new ApiError(404, index < this.#all.length ? `Instance ${id} was deleted` : `Instance ${id.slice(0, 40)} not found`)
  }

  /** @throws ApiError 404 */
  delete(id: string): void {
    this.get(id).close()
    this.#all[Number(id)] = undefined
  }

  /** One word per instance ever created. */
  states(): string[] {
    return this.#all.map((instance) => (instance === undefined ? 'Deleted' : 'Available'))
  }

  close(): void {
    for (const instance of this.#all) instance?.close()
  }
}
