import Runtime "mo:core/Runtime";
import Time "mo:core/Time";
import Array "mo:core/Array";
import Text "mo:core/Text";

/// What the settings and the block tell a program.
actor {
  let installed = Time.now();

  public func variableInUpdate(name : Text) : async ?Text { Runtime.envVar<system> name };

  public func names() : async [Text] { Array.sort(Runtime.envVarNames<system>(), Text.compare) };

  public query func now() : async Int { Time.now() };

  public func sinceInstall() : async Int { Time.now() - installed };

  public func timesAround() : async (Int, Int) {
    let before = Time.now();
    await async {};
    (before, Time.now());
  };
};
