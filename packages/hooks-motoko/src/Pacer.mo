import Rounds "Rounds";

/// Counts a canister's outgoing calls and lets one wait until there is room for it.
module {
  /// Counts calls under way, which is what the output queue and its reserved slots hold as far as the canister can know.
  /// `onChange` is told the number after each change and whenever a call finds no room.
  ///
  /// Example:
  /// ```motoko
  /// transient let pacer = Pacer.Pacer(500, func(_ : Nat) {});
  /// await* pacer.call(func() : async* () { await ledger.notify() });
  /// ```
  public class Pacer(capacity : Nat, onChange : Nat -> ()) {
    var underWay = 0;
    var waiting = 0;

    /// Calls under way that were made through `call`.
    ///
    /// Example:
    /// ```motoko
    /// let size = pacer.size();
    /// ```
    ///
    /// Runtime: O(1)
    ///
    /// Space: O(1)
    public func size() : Nat = underWay;

    /// Makes a call once fewer than `capacity` are under way, in the order of asking, and counts it until it has
    /// returned, trapped or failed. While it waits, it costs a call to the network per round.
    ///
    /// Example:
    /// ```motoko
    /// await* pacer.call(func() : async* () { await ledger.notify() });
    /// ```
    ///
    /// Runtime: O(1), and O(rounds) of waiting
    ///
    /// Space: O(1)
    public func call(make : () -> async* ()) : async* () {
      if (underWay >= capacity or waiting > 0) await* slot();
      underWay += 1;
      onChange(underWay);
      try { await* make() } finally { underWay -= 1; onChange(underWay) };
    };

    func slot() : async* () {
      waiting += 1;
      try {
        onChange(underWay);
        // At least once: those who waited longer come first.
        await* Rounds.pass();
        while (underWay >= capacity) await* Rounds.pass();
      } finally { waiting -= 1 };
    };
  };
};
