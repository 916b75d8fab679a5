/** The instances of a server. Numbers count up from 0 and are never used again. */
import type { InstanceConfig } from './instance/config.ts'
import { Instance, type InstanceObserver } from './instance/instance.ts'
import type { SystemModules } from './instance/startNetwork.ts'
import { badRequest, PlainError } from './wire/apiError.ts'

export class Instances {
  readonly #observer: InstanceObserver
  readonly #all: (Instance | undefined)[] = []

  constructor(observer: InstanceObserver) {
    this.#observer = observer
  }

  /** @param modules - of the canisters that the configuration's features are about */
  create(config: InstanceConfig, modules: SystemModules): { readonly id: number; readonly instance: Instance } {
    const id = this.#all.length
    const instance = new Instance(id, config, modules, this.#observer)
    this.#all.push(instance)
    return { id, instance }
  }

  /** @param id - as it stands in a path or a body. @throws ApiError 400 when there is none, or none any more */
  get(id: string): Instance {
    const instance = this.#all[numberOf(id)]
    if (instance !== undefined) return instance
    throw badRequest(`UpdateError { message: "${Number(id) < this.#all.length ? 'Instance was deleted' : 'Instance not found'}" }`)
  }

  /** Ends an instance once it is free; one that has ended already stays so. @throws ApiError 400 when there never was one */
  async delete(id: string): Promise<void> {
    if (this.#all.length > Number(id) && this.#all[Number(id)] === undefined) return
    const instance = this.get(id)
    await instance.free()
    this.#all[Number(id)] = undefined
    instance.close()
  }

  /** One word per instance ever created. */
  states(): string[] {
    return this.#all.map((instance) => {
      if (instance === undefined) return 'Deleted'
      return instance.current === undefined ? 'Available' : `Busy(${instance.current.shownLabel}, OpId("${instance.current.opId}"))`
    })
  }

  /** Ends all; what one of them fails with does not keep the others from ending. @throws AggregateError */
  close(): void {
    const failures: unknown[] = []
    for (const instance of this.#all) {
      try {
        instance?.close()
      } catch (error) {
        failures.push(error)
      }
    }
    this.#all.fill(undefined)
    if (failures.length > 0) throw new AggregateError(failures, 'the state of an instance was not saved')
  }
}

/** Number of something, as it stands in a path. @throws PlainError 400 when it is none */
export function numberOf(id: string): number {
  if (!/^\+?\d{1,19}$/.test(id)) throw new PlainError(400, `Invalid URL: Cannot parse \`${id.slice(0, 40)}\` to a \`u64\``)
  return Number(id)
}
