/// The `ic_env` cookie: it tells a page the root key of its network and the ids of its canisters.

import Prim "mo:⛔";
import List "mo:core/List";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Listing "../content/Listing";
import Url "mo:certification/Url";

module {
  let prefix = "PUBLIC_";
  let maxVariables = 20;
  let maxLength = 128;

  /// The `Set-Cookie` value from the canister's public environment variables and the root key of the network.
  /// Can be computed in update calls and during installation only.
  public func cookie<system>() : Text {
    let fields = List.singleton("ic_root_key=" # Listing.hex(Prim.rootKey()));
    for (name in Runtime.envVarNames<system>().vals()) {
      if (Text.startsWith(name, #text prefix) and List.size(fields) <= maxVariables) {
        switch (Runtime.envVar<system>(name)) {
          case (?value) if (name.size() <= maxLength and value.size() <= maxLength) List.add(fields, name # "=" # value);
          case null {};
        };
      };
    };
    "ic_env=" # Url.encodeComponent(Text.join(List.values(fields), "&")) # "; SameSite=Lax";
  };
};
