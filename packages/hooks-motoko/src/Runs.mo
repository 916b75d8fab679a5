import Cycles "mo:core/Cycles";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat64 "mo:core/Nat64";
import Prim "mo:prim";
import Notification "Notification";
import { type State } "State";
import Types "Types";

/// The events of a canister's hooks: raised, due in their order, and finished.
module {
  /// Events that are remembered after they ended.
  public let kept : Nat = 200;

  /// Makes an event due, under the next number.
  ///
  /// Example:
  /// ```motoko
  /// let number = Runs.raise(state, #Unfreeze, null);
  /// ```
  ///
  /// Runtime: O(log(events))
  ///
  /// Space: O(size of the event)
  public func raise(state : State, event : Types.Notification, delivery : ?{ sender : Principal; number : Nat64 }) : Nat64 {
    let number = state.nextNumber;
    state.nextNumber += 1;
    Map.add(state.due, Nat64.compare, number, event);
    let hook = Notification.name(event);
    Map.add(state.runs, Nat64.compare, number, observe({ number; hook; delivery }, #pending));
    forgetOldest(state);
    number;
  };

  /// The event that runs next: of those that wait the one with the lowest rank, and of these the oldest.
  ///
  /// Example:
  /// ```motoko
  /// let ?(number, event) = Runs.next(state) else return;
  /// ```
  ///
  /// Runtime: O(events due * log(events))
  ///
  /// Space: O(1)
  public func next(state : State) : ?(Nat64, Types.Notification) {
    var best : ?(Nat64, Types.Notification) = null;
    for ((number, event) in Map.entries(state.due)) {
      if (outcome(state, number) == ?#pending) {
        let isBetter = switch (best) {
          case (?(_, other)) Notification.rank(event) < Notification.rank(other);
          case null true;
        };
        if (isBetter) best := ?(number, event);
      };
    };
    best;
  };

  /// Notes that an event runs now, with what it finds: time, memory and balance.
  ///
  /// Example:
  /// ```motoko
  /// Runs.begin(state, number);
  /// ```
  ///
  /// Runtime: O(log(events))
  ///
  /// Space: O(1)
  public func begin(state : State, number : Nat64) {
    let ?run = Map.get(state.runs, Nat64.compare, number) else return;
    Map.add(state.runs, Nat64.compare, number, observe(run, #running));
  };

  /// Notes how an event ended. What it carried is forgotten.
  ///
  /// Example:
  /// ```motoko
  /// Runs.end(state, number, #ran);
  /// ```
  ///
  /// Runtime: O(log(events))
  ///
  /// Space: O(1)
  public func end(state : State, number : Nat64, outcome : Types.Outcome) {
    Map.remove(state.due, Nat64.compare, number);
    let ?run = Map.get(state.runs, Nat64.compare, number) else return;
    Map.add(state.runs, Nat64.compare, number, { run with outcome });
  };

  /// Skips the events of a kind that wait, with the reason for whoever looks.
  ///
  /// Example:
  /// ```motoko
  /// Runs.skip(state, "canister_post_init", "newer code was installed");
  /// ```
  ///
  /// Runtime: O(events due * log(events))
  ///
  /// Space: O(events due)
  public func skip(state : State, hook : Text, reason : Text) {
    for ((number, event) in Iter.fromArray(Map.toArray(state.due))) {
      if (Notification.name(event) == hook and outcome(state, number) == ?#pending) end(state, number, #skipped(reason));
    };
  };

  /// Skips what ran when the code was replaced: nobody will hear how it ended.
  ///
  /// Example:
  /// ```motoko
  /// Runs.interrupt(state);
  /// ```
  ///
  /// Runtime: O(events due * log(events))
  ///
  /// Space: O(events due)
  public func interrupt(state : State) {
    for ((number, _) in Iter.fromArray(Map.toArray(state.due))) {
      if (outcome(state, number) == ?#running) end(state, number, #skipped("the code was replaced while it ran"));
    };
  };

  /// What became of an event; null when it is no longer remembered.
  ///
  /// Example:
  /// ```motoko
  /// assert Runs.outcome(state, number) == ?#ran;
  /// ```
  ///
  /// Runtime: O(log(events))
  ///
  /// Space: O(1)
  public func outcome(state : State, number : Nat64) : ?Types.Outcome {
    let ?run = Map.get(state.runs, Nat64.compare, number) else return null;
    ?run.outcome;
  };

  /// The newest event that came with a delivery number of a sender, as long as it is remembered.
  ///
  /// Example:
  /// ```motoko
  /// let ?run = Runs.delivered(state, { sender = monitor; number = 7 }) else return;
  /// ```
  ///
  /// Runtime: O(events)
  ///
  /// Space: O(1)
  public func delivered(state : State, delivery : { sender : Principal; number : Nat64 }) : ?Types.Run {
    for ((_, run) in Map.reverseEntries(state.runs)) {
      if (run.delivery == ?delivery) return ?run;
    };
    null;
  };

  /// How many events of a kind wait.
  ///
  /// Example:
  /// ```motoko
  /// assert Runs.waiting(state, "canister_on_error") <= 16;
  /// ```
  ///
  /// Runtime: O(events due * log(events))
  ///
  /// Space: O(1)
  public func waiting(state : State, hook : Text) : Nat {
    var count = 0;
    for ((number, event) in Map.entries(state.due)) {
      if (Notification.name(event) == hook and outcome(state, number) == ?#pending) count += 1;
    };
    count;
  };

  /// All events that are remembered, oldest first.
  ///
  /// Example:
  /// ```motoko
  /// public query func runs() : async [Types.Run] { Runs.list(state) };
  /// ```
  ///
  /// Runtime: O(events)
  ///
  /// Space: O(events)
  public func list(state : State) : [Types.Run] = Iter.toArray(Map.values(state.runs));

  type Heading = { number : Nat64; hook : Text; delivery : ?{ sender : Principal; number : Nat64 } };

  func observe({ number; hook; delivery } : Heading, outcome : Types.Outcome) : Types.Run {
    {
      number;
      hook;
      delivery;
      time_nanos = Prim.time();
      memory_bytes = Prim.rts_memory_size();
      balance_cycles = Cycles.balance();
      outcome;
    };
  };

  func forgetOldest(state : State) {
    if (Map.size(state.runs) <= kept) return;
    for (number in Map.keys(state.runs)) {
      if (not Map.containsKey(state.due, Nat64.compare, number)) {
        Map.remove(state.runs, Nat64.compare, number);
        return;
      };
    };
  };
};
