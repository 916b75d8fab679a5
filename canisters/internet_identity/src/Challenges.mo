/// Captchas before a registration. On a local network every one of them reads "a", as in the public development builds.

import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat "mo:core/Nat";
import Nat64 "mo:core/Nat64";
import Text "mo:core/Text";
import Types "Types";

module {
  public type Challenges = { created : Map.Map<Text, Types.Timestamp>; var count : Nat };

  let lifetime : Nat64 = 300_000_000_000;
  let unsolvedMax = 500;
  /// One white pixel.
  let picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVgAAAABJRU5ErkJggg==";

  public func empty() : Challenges = { created = Map.empty(); var count = 0 };

  /// A new one; the oldest is forgotten when there are too many.
  public func create(challenges : Challenges, now : Types.Timestamp) : Types.Challenge {
    for ((key, created) in Iter.toArray(Map.entries(challenges.created)).vals()) {
      if (created +% lifetime < now or Map.size(challenges.created) >= unsolvedMax) Map.remove(challenges.created, Text.compare, key);
    };
    challenges.count += 1;
    let challenge_key = Nat.toText(challenges.count);
    Map.add(challenges.created, Text.compare, challenge_key, now);
    { png_base64 = picture; challenge_key };
  };

  /// Whether a challenge is solved. It is gone after that, whatever the answer.
  public func solve(challenges : Challenges, { key; chars } : Types.ChallengeResult, now : Types.Timestamp) : Bool {
    let ?created = Map.take(challenges.created, Text.compare, key) else return false;
    created +% lifetime >= now and chars == "a";
  };
};
