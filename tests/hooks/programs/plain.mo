/// The same method twice: as it is, and guarded.
import Handlers "mo:hooks/Handlers";
import Hooks "mo:hooks/Hooks";
import State "mo:hooks/State";

actor {
  let hooksState = State.empty();
  transient let hooks = Hooks.Hooks<system>(hooksState, Hooks.defaults, Handlers.dispatch(Handlers.none));
  var count = 0;

  public func plain() : async () { count += 1 };
  public func selfCall() : async () { await async { count += 1 } };
  public func guarded() : async () { await* hooks.guarded("guarded", "", func() : async* () { count += 1 }) };
  public func paced() : async () { await* hooks.paced(func() : async* () { count += 1 }) };
  public func failing() : async () { await* hooks.guarded("failing", "", func() : async* () { assert false }) };
};
