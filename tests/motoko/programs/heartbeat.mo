/// A heartbeat that counts, and one call for every other beat.
actor {
  var beats = 0;
  var calls = 0;

  system func heartbeat() : async () {
    beats += 1;
    if (beats % 2 == 0) await async { calls += 1 };
  };

  public query func get() : async (Nat, Nat) { (beats, calls) };
};
