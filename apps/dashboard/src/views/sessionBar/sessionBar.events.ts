/** What the user wants of their session, or of the look of the page. */
export class SessionEvent extends Event {
  static readonly type = 'session-request'
  readonly wish: 'login' | 'logout' | 'claim'
  constructor(wish: SessionEvent['wish']) {
    super(SessionEvent.type, { bubbles: true, composed: true })
    this.wish = wish
  }
}

export type Theme = 'system' | 'light' | 'dark'

export class ChooseThemeEvent extends Event {
  static readonly type = 'choose-theme'
  readonly theme: Theme
  constructor(theme: Theme) {
    super(ChooseThemeEvent.type, { bubbles: true, composed: true })
    this.theme = theme
  }
}
