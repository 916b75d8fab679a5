import Error "mo:core/Error";
import InternetComputer "mo:core/InternetComputer";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Prim "mo:prim";
import { type State } "State";
import Types "Types";

/// Captured errors, kept with their arguments so that the calls can be made again.
module {
  /// Errors kept at most, and bytes of their arguments together.
  public let limits : { errors : Nat; bytes : Nat } = { errors = 64; bytes = 4_194_304 };

  /// Keeps a failed call under the number of its event. The oldest make room; arguments too large for all of it are not
  /// kept.
  ///
  /// Example:
  /// ```motoko
  /// DeadLetters.keep(state, number, { methodName = "pay"; args; error });
  /// ```
  ///
  /// Runtime: O(log(errors)), and O(errors) when several make room
  ///
  /// Space: O(size of the arguments)
  public func keep(state : State, number : Nat64, call : Types.FailedCall) {
    if (call.args.size() > limits.bytes) {
      state.droppedErrors += 1;
      return;
    };
    while (Map.size(state.errors) >= limits.errors or state.errorBytes + call.args.size() > limits.bytes) {
      let ?(oldest, _) = Map.minEntry(state.errors) else return;
      remove(state, oldest);
      state.droppedErrors += 1;
    };
    state.errorBytes += call.args.size();
    Map.add(state.errors, Nat64.compare, number, { number; time_nanos = Prim.time(); call; attempts = 0; last = null });
  };

  /// Forgets an error.
  ///
  /// Example:
  /// ```motoko
  /// DeadLetters.remove(state, number);
  /// ```
  ///
  /// Runtime: O(log(errors))
  ///
  /// Space: O(1)
  public func remove(state : State, number : Nat64) {
    let ?found = Map.take(state.errors, Nat64.compare, number) else return;
    state.errorBytes -= found.call.args.size();
  };

  /// The captured errors, oldest first.
  ///
  /// Example:
  /// ```motoko
  /// public query func errors() : async [Types.CapturedError] { DeadLetters.list(state) };
  /// ```
  ///
  /// Runtime: O(errors)
  ///
  /// Space: O(errors)
  public func list(state : State) : [Types.CapturedError] = Iter.toArray(Map.values(state.errors));

  /// Makes a captured call again, as a call of the canister to itself, and keeps its outcome beside it. One that has
  /// replied is not made a second time. A call that fails again is also captured again, as an error of its own.
  ///
  /// Example:
  /// ```motoko
  /// let ?#replied(bytes) = await* DeadLetters.redrive(state, self, number) else return;
  /// ```
  ///
  /// Runtime: O(log(errors)), and the call
  ///
  /// Space: O(size of the reply)
  public func redrive(state : State, self : Principal, number : Nat64) : async* ?Types.Redriven {
    let ?found = Map.get(state.errors, Nat64.compare, number) else return null;
    switch (found.last) {
      case (?#replied(_)) return found.last;
      case (_) {};
    };
    let last = try {
      #replied(await InternetComputer.call(self, found.call.methodName, found.call.args));
    } catch (error) {
      #rejected(Error.message(error));
    };
    // Another redrive may have ended meanwhile, or the error may have made room.
    switch (Map.get(state.errors, Nat64.compare, number)) {
      case (?now) Map.add(state.errors, Nat64.compare, number, { now with attempts = now.attempts + 1; last = ?last });
      case null {};
    };
    ?last;
  };
};
