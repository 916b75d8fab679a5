import { css } from 'lit'

/** What every view starts from: box model, controls, panels, focus, and text for screen readers only. */
export const shared = css`
  :host {
    display: block;
  }
  :host([hidden]),
  [hidden] {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3,
  p,
  dl,
  dd,
  ol,
  ul,
  fieldset {
    margin: 0;
    padding: 0;
    border: 0;
    min-width: 0;
  }
  ol,
  ul {
    list-style: none;
  }
  button,
  input,
  select {
    font: inherit;
    color: inherit;
    font-variant-numeric: inherit;
  }
  :focus-visible {
    outline: 2px solid var(--focus);
    outline-offset: 2px;
    border-radius: 4px;
  }
  .button {
    display: inline-flex;
    align-items: center;
    gap: 6px;
    height: 30px;
    padding: 0 12px;
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius-s);
    background: var(--raised);
    font-size: var(--text-s);
    font-weight: 550;
    white-space: nowrap;
    cursor: pointer;
    transition:
      background 120ms,
      border-color 120ms;
  }
  .button:hover:not(:disabled) {
    border-color: var(--action);
    color: var(--action);
  }
  .button.primary {
    background: var(--action);
    border-color: var(--action);
    color: var(--on-solid);
  }
  .button.primary:hover:not(:disabled) {
    background: var(--water-deep);
    border-color: var(--water-deep);
    color: var(--on-solid);
  }
  .button:disabled {
    cursor: not-allowed;
    color: var(--ink-faint);
    background: var(--sunk);
    border-color: var(--rule);
  }
  .segments {
    display: inline-flex;
    padding: 2px;
    gap: 2px;
    border-radius: 8px;
    background: var(--sunk);
    box-shadow: inset 0 0 0 1px var(--rule);
  }
  .segments button {
    height: 24px;
    padding: 0 10px;
    border: 0;
    border-radius: 6px;
    background: none;
    color: var(--ink-soft);
    font-size: var(--text-s);
    white-space: nowrap;
    cursor: pointer;
  }
  .segments button:hover {
    color: var(--ink);
  }
  .segments button[aria-pressed='true'] {
    background: var(--raised);
    color: var(--ink);
    font-weight: 600;
    box-shadow:
      0 0 0 1px var(--rule-strong),
      0 1px 2px rgb(0 0 0 / 8%);
  }
  .figures {
    font-family: var(--font-figures);
    font-size: 0.95em;
    letter-spacing: -0.02em;
  }
  .quiet {
    color: var(--ink-faint);
  }
  .spoken {
    position: absolute;
    width: 1px;
    height: 1px;
    margin: -1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`

/** The frame of one of the page's panels: a heading row and a body that fills the height it is given. */
export const panel = css`
  .panel {
    display: flex;
    flex-direction: column;
    height: 100%;
    min-width: 0;
    background: var(--panel);
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    overflow: clip;
  }
  .panel-head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 8px 12px;
    min-height: 49px;
    padding: 10px 16px;
    border-bottom: 1px solid var(--rule);
  }
  .panel-head h2 {
    font-size: var(--text-l);
    font-weight: 650;
    letter-spacing: -0.01em;
  }
`
