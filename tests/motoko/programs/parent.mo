import Principal "mo:core/Principal";
import Child "child";

/// Creates actors of a class, reinstalls and upgrades them.
actor {
  var children : [Child.Child] = [];

  public func create(name : Text, amount : Nat) : async Principal {
    let child = await (with cycles = amount) Child.Child(name);
    children := [child];
    Principal.fromActor child;
  };

  public func greet() : async Text { await children[0].greet() };

  public func upgrade(name : Text) : async Text {
    let child = await (system Child.Child)(#upgrade(children[0]))(name);
    children := [child];
    await child.greet();
  };

  public func reinstall(name : Text) : async Text {
    let child = await (system Child.Child)(#reinstall(children[0]))(name);
    await child.greet();
  };
};
