/// Who may change how this canister works: governance, and, where there is none, its controllers.

import Principal "mo:core/Principal";

module {
  let id = "rrkah-fqaaa-aaaaa-aaaaq-cai";

  public func mayChange(caller : Principal) : Bool = Principal.toText(caller) == id or Principal.isController(caller);
};
