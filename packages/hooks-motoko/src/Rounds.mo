import Random "mo:core/Random";

/// Waiting, without keeping the canister busy.
module {
  /// Waits for a round or two: a call to the canister itself would be answered within the round, and again, for as long
  /// as the round lasts, so the call goes to the network, which answers in the next one.
  ///
  /// Example:
  /// ```motoko
  /// while (not ready) await* Rounds.pass();
  /// ```
  ///
  /// Runtime: O(1), once per round
  ///
  /// Space: O(1)
  public func pass() : async* () {
    ignore await Random.blob();
  };
};
