import type { HookSettings } from '../../model/hookCondition.ts'

/** The user wants these settings on the selected canister. */
export class SaveSettingsEvent extends Event {
  static readonly type = 'save-settings'
  readonly settings: HookSettings
  constructor(settings: HookSettings) {
    super(SaveSettingsEvent.type, { bubbles: true, composed: true })
    this.settings = settings
  }
}

/** The user wants the selected canister's code installed afresh. */
export class RedeployEvent extends Event {
  static readonly type = 'redeploy'
  constructor() {
    super(RedeployEvent.type, { bubbles: true, composed: true })
  }
}
