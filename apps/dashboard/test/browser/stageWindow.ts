import type { FeedState } from '../../src/model/feedState.ts'
import type { SceneName } from './scenes.ts'

/** The page with a feed that says what the test tells it to, and writes down what it is asked. */
export type Stage = {
  readonly show: (scene: SceneName, change?: Partial<FeedState>) => void
  readonly asked: readonly string[]
}

declare global {
  interface Window {
    stage: Stage
  }
}
