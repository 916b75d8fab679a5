/// Account identifiers: 32 bytes, a CRC-32 of the other 28 in front, the SHA-224 of a principal and a subaccount behind.

import Prim "mo:⛔";
import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Char "mo:core/Char";
import Nat8 "mo:core/Nat8";
import Nat32 "mo:core/Nat32";
import Principal "mo:core/Principal";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Account "mo:ledger/Account";

module {
  /// Traps when the subaccount is not 32 bytes long.
  public func fromAccount(account : Account.Account) : Blob = Principal.toLedgerAccount(account.owner, ?Account.subaccountOf(account));

  /// The identifier itself. Traps when it has another length or its checksum is wrong.
  public func require(identifier : Blob) : Blob {
    if (identifier.size() != 32) Runtime.trap("an account identifier has 32 bytes, this one " # debug_show identifier.size());
    let bytes = Blob.toArray(identifier);
    let checksum = Prim.hashBlob(Blob.fromArray(Array.sliceToArray(bytes, 4, 32)));
    var stated : Nat32 = 0;
    for (at in Nat8.range(0, 4)) stated := (stated << 8) | Nat32.fromNat(Nat8.toNat(bytes[Nat8.toNat(at)]));
    if (stated != checksum) Runtime.trap("the checksum of account identifier " # toText(identifier) # " is wrong");
    identifier;
  };

  /// From 64 hexadecimal digits. Traps when there are others, or the checksum is wrong.
  public func fromText(text : Text) : Blob {
    let digits = Array.map<Char, Nat8>(Text.toArray(text), digit);
    if (digits.size() != 64) Runtime.trap("an account identifier has 64 hexadecimal digits, this one " # debug_show digits.size());
    require(Blob.fromArray(Array.tabulate<Nat8>(32, func at = digits[2 * at] << 4 | digits[2 * at + 1])));
  };

  /// 64 hexadecimal digits.
  public func toText(identifier : Blob) : Text {
    let digits = Text.toArray("0123456789abcdef");
    var text = "";
    for (byte in identifier.vals()) {
      text #= Char.toText(digits[Nat8.toNat(byte >> 4)]) # Char.toText(digits[Nat8.toNat(byte & 0x0f)]);
    };
    text;
  };

  func digit(char : Char) : Nat8 {
    let code = Char.toNat32(char);
    let value : Nat32 = if (code >= 0x30 and code <= 0x39) code - 0x30 else if (code >= 0x61 and code <= 0x66) code - 0x57 else if (code >= 0x41 and code <= 0x46) code - 0x37 else {
      Runtime.trap("`" # Char.toText(char) # "` is no hexadecimal digit");
    };
    Nat8.fromNat(Nat32.toNat(value));
  };
};
