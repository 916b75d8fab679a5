import { css } from 'lit'

export const styles = css`
  :host {
    max-width: 60rem;
    margin: 0 auto;
    padding: 20px 16px 48px;
  }
  .top {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 10px 16px;
    margin-bottom: 16px;
  }
  h1 {
    font-size: var(--text-xl);
    font-weight: 680;
    letter-spacing: -0.015em;
    overflow-wrap: anywhere;
  }
  .id {
    font-family: var(--font-figures);
    font-size: var(--text-m);
    color: var(--ink-soft);
    overflow-wrap: anywhere;
  }
  .who {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 8px 12px;
    font-size: var(--text-s);
    color: var(--ink-soft);
  }
  .who .figures {
    overflow-wrap: anywhere;
  }
  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    margin-bottom: 12px;
  }
  .tools label {
    display: flex;
    gap: 8px;
    align-items: center;
    flex: 1 1 16rem;
    font-size: var(--text-s);
    color: var(--ink-soft);
  }
  input {
    flex: 1;
    min-width: 0;
    min-height: 30px;
    padding: 4px 10px;
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius-s);
    background: var(--raised);
  }
  .methods {
    display: grid;
    gap: 12px;
  }
  .notice {
    padding: 14px 16px;
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    background: var(--panel);
  }
  .notice.wrong {
    color: var(--coral);
  }
  details {
    margin-top: 16px;
  }
  summary {
    cursor: pointer;
    color: var(--ink-soft);
    font-size: var(--text-s);
  }
  pre {
    padding: 12px 14px;
    border: 1px solid var(--rule);
    border-radius: var(--radius);
    background: var(--sunk);
    font-family: var(--font-figures);
    font-size: var(--text-s);
    overflow: auto;
  }
`
