/// What a ledger says of its token.

import Nat8 "mo:core/Nat8";
import Array "mo:core/Array";
import Types "Types";

module {
  public type Token = {
    name : Text;
    symbol : Text;
    decimals : Nat8;
    mintingAccount : ?Types.Account;
    /// Numbers of the standards that it follows beside ICRC-1 and ICRC-2, and their addresses.
    more : [Types.Standard];
  };

  /// Address of the text of one of the first standards.
  public func standard(number : Text) : Types.Standard = {
    name = "ICRC-" # number;
    url = "https://github.com/dfinity/ICRC-1/tree/main/standards/ICRC-" # number;
  };

  public func standards(token : Token) : [Types.Standard] = Array.concat([standard("1"), standard("2")], token.more);

  public func metadata(token : Token, fee : Nat) : [(Text, Types.MetadataValue)] = [
    ("icrc1:decimals", #Nat(Nat8.toNat(token.decimals))),
    ("icrc1:name", #Text(token.name)),
    ("icrc1:symbol", #Text(token.symbol)),
    ("icrc1:fee", #Nat fee),
    ("icrc1:max_memo_length", #Nat 32),
  ];
};
