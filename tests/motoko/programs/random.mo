import Random "mo:core/Random";

/// Randomness of the network, and of a seed.
actor {
  public func coins(n : Nat) : async Text {
    let random = Random.crypto();
    var text = "";
    var i = 0;
    while (i < n) {
      text #= if (await* random.bool()) "h" else "t";
      i += 1;
    };
    text;
  };

  public func dice(seed : Nat64) : async Text {
    let random = Random.seed seed;
    var text = "";
    var i = 0;
    while (i < 8) { text #= debug_show (random.natRange(1, 7)); i += 1 };
    text;
  };
};
