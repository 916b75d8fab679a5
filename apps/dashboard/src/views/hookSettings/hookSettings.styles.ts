import { css } from 'lit'

export const hookSettingsStyles = css`
  .fields {
    display: flex;
    flex-wrap: wrap;
    align-items: flex-end;
    gap: 8px 12px;
  }
  .field {
    flex: 1 1 150px;
    min-width: 0;
  }
  label {
    display: block;
    font-size: var(--text-xs);
    color: var(--ink-faint);
  }
  .size {
    display: flex;
    height: 30px;
    border: 1px solid var(--rule-strong);
    border-radius: var(--radius-s);
    background: var(--raised);
  }
  .size[data-invalid] {
    border-color: var(--coral);
  }
  .size:focus-within {
    outline: 2px solid var(--focus);
    outline-offset: 1px;
  }
  .size :focus-visible {
    outline: none;
  }
  input {
    flex: 1;
    min-width: 0;
    padding: 0 4px 0 9px;
    border: 0;
    background: none;
    font-weight: 550;
  }
  select {
    border: 0;
    border-left: 1px solid var(--rule);
    background: none;
    padding: 0 4px;
    font-size: var(--text-s);
    color: var(--ink-soft);
  }
  option {
    background: var(--raised);
    color: var(--ink);
  }
  :disabled {
    cursor: not-allowed;
  }
  input:disabled,
  select:disabled {
    color: var(--ink-faint);
    opacity: 1;
  }
  .actions {
    display: flex;
    gap: 8px;
  }
  .note {
    min-height: 18px;
    margin-top: 6px;
    font-size: var(--text-s);
    color: var(--ink-soft);
  }
  .message {
    display: block;
    margin-top: 3px;
    font-size: var(--text-s);
    color: var(--coral);
  }
`
