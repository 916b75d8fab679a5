/** Time of the network: read, moved forward, held, and spent in rounds. */
import type { AdministeredNetwork, RoundControl } from './administered.ts'
import { AdminError } from './adminError.ts'
import type { NetworkTime } from './answers.ts'
import { countOf, type Fields, nanosField } from './body.ts'
import type { NetworkClock } from './networkClock.ts'

/** Times are 64 bits on the network, and it adds to them: half a century is left to add. */
const latestNanos = 2n ** 64n - 50n * 31_557_600_000_000_000n
const roundsMax = 100_000
/** Rounds between two looks at what else is to be done. */
const roundsAtOnce = 32

export class TimeControl {
  readonly #network: AdministeredNetwork<unknown>
  readonly #rounds: RoundControl
  readonly #clock: NetworkClock
  readonly #pause: () => Promise<void>

  /** @param pause - resolves after others had their turn */
  constructor(
    network: AdministeredNetwork<unknown>,
    { rounds, clock, pause }: { rounds: RoundControl; clock: NetworkClock; pause: () => Promise<void> },
  ) {
    this.#network = network
    this.#rounds = rounds
    this.#clock = clock
    this.#pause = pause
  }

  read(): NetworkTime {
    return {
      timeNanos: String(this.#next()),
      blockTimeNanos: String(this.#network.timeNanos()),
      offsetNanos: String(this.#clock.offsetNanos()),
      round: String(this.#network.round()),
      progress: this.#rounds.isPaused() ? 'paused' : 'auto',
    }
  }

  /** `{ timeNanos }`. Unless time is held, a round at that time follows at once. */
  set(fields: Fields): NetworkTime {
    return this.#moveTo(nanosField(fields, 'timeNanos'))
  }

  /** `{ nanos }`, from now on. */
  advance(fields: Fields): NetworkTime {
    const nanos = nanosField(fields, 'nanos')
    // A round may have taken the present moment already: nothing to move is nothing to do.
    return nanos === 0n ? this.read() : this.#moveTo(this.#current() + nanos)
  }

  /** No rounds by themselves, and time stands still. */
  hold(): NetworkTime {
    this.#clock.hold()
    this.#rounds.pause()
    return this.read()
  }

  /** Time catches up with the machine's clock, as far as it was not moved. */
  resume(): NetworkTime {
    this.#clock.release()
    this.#rounds.resume()
    return this.read()
  }

  /** `{ rounds?, stepNanos? }`: that many rounds, and how far time moves before each. */
  async run(fields: Fields): Promise<NetworkTime> {
    const rounds = fields['rounds'] === undefined ? 1 : countOf(fields['rounds'], 'rounds', roundsMax)
    const step = fields['stepNanos'] === undefined ? 0n : nanosField(fields, 'stepNanos')
    this.#expectPossible(this.#current() + step * BigInt(rounds))
    for (let done = 1; done <= rounds; done++) {
      if (step > 0n) this.#clock.set(this.#current() + step)
      this.#round()
      if (done % roundsAtOnce === 0) await this.#pause()
    }
    return this.read()
  }

  #moveTo(nanos: bigint): NetworkTime {
    const current = this.#current()
    if (nanos < current) throw new AdminError('time_runs_back', `Time never runs back: it is ${current} already.`)
    this.#expectPossible(nanos)
    this.#clock.set(nanos)
    if (!this.#rounds.isPaused()) this.#round()
    return this.read()
  }

  #expectPossible(nanos: bigint): void {
    if (nanos > latestNanos) throw new AdminError('invalid_request', `Times go up to ${latestNanos} nanoseconds.`)
  }

  #round(): void {
    try {
      this.#rounds.round(this.#next())
    } catch (error) {
      throw new AdminError('network_failed', `The network has stopped: ${error instanceof Error ? error.message : String(error)}`)
    }
  }

  /** By the clock, or by the last round where that was ahead. */
  #current(): bigint {
    const [last, now] = [this.#network.timeNanos(), this.#clock.now()]
    return now > last ? now : last
  }

  /** What the next round gets: later than the last, whatever the clock says. */
  #next(): bigint {
    const [current, last] = [this.#current(), this.#network.timeNanos()]
    return current > last ? current : last + 1n
  }
}
