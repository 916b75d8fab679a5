import Error "mo:core/Error";
import Principal "mo:core/Principal";
import DeadLetters "DeadLetters";
import Hooks "Hooks";
import Runs "Runs";
import { type State } "State";
import Types "Types";

/// What the hooks ran and the errors they captured, for the canister's controllers and its monitor.
mixin (hooks : Hooks.Hooks, hooksState : State) {
  /// Events, oldest first.
  public shared query ({ caller }) func canister_hook_runs() : async [Types.Run] {
    if (not (Principal.isController(caller) or hooks.mayCall(caller))) throw Error.reject("Only controllers and the monitor may read the runs.");
    Runs.list(hooksState);
  };

  /// Captured errors with their arguments, oldest first.
  public shared query ({ caller }) func canister_hook_errors() : async [Types.CapturedError] {
    if (not (Principal.isController(caller) or hooks.mayCall(caller))) throw Error.reject("Only controllers and the monitor may read the errors.");
    DeadLetters.list(hooksState);
  };

  /// Makes captured calls again.
  public shared ({ caller }) func canister_hook_redrive(numbers : [Nat64]) : async [(Nat64, ?Types.Redriven)] {
    if (not (Principal.isController(caller) or hooks.mayCall(caller))) throw Error.reject("Only controllers and the monitor may make captured calls again.");
    await* hooks.redrive(numbers);
  };
};
