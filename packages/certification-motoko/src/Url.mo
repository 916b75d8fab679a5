/// The path part of a request target.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Char "mo:core/Char";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Nat8 "mo:core/Nat8";
import Text "mo:core/Text";

module {
  /// The decoded path of a request target: query and fragment cut, percent escapes resolved, repeated slashes taken as one, as
  /// gateways take them. What is no escape stands for itself; `null` when the result is not UTF-8.
  public func path(target : Text) : ?Text {
    let escaped = withoutQuery(target);
    if (not Text.contains(escaped, #char '%')) return ?singleSlashes(escaped);
    let bytes = List.empty<Nat8>();
    let source = Text.encodeUtf8(escaped);
    var index = 0;
    while (index < source.size()) {
      switch (escapeAt(source, index)) {
        case (?byte) {
          List.add(bytes, byte);
          index += 3;
        };
        case null {
          List.add(bytes, source[index]);
          index += 1;
        };
      };
    };
    let ?decoded = Text.decodeUtf8(Blob.fromArray(List.toArray(bytes))) else return null;
    ?singleSlashes(decoded);
  };

  /// The path as it stands in the target.
  public func withoutQuery(target : Text) : Text = first(Text.split(target, #predicate(func c = c == '?' or c == '#')));

  func escapeAt(source : Blob, index : Nat) : ?Nat8 {
    if (source[index] != 0x25 or index + 2 >= source.size()) return null;
    let ?high = hexDigit(source[index + 1]) else return null;
    let ?low = hexDigit(source[index + 2]) else return null;
    ?((high << 4) | low);
  };

  func singleSlashes(path : Text) : Text {
    if (not Text.contains(path, #text "//")) return path;
    "/" # Text.join(segments(path).vals(), "/");
  };

  /// The segments of a path: `/a/b` is `["a", "b"]`, and so is `/a//b`; `/a/` is `["a", ""]`, `/` is `[""]`.
  public func segments(path : Text) : [Text] {
    let parts = Iter.toArray(Iter.filter<Text>(Text.split(path, #char '/'), func part = part != ""));
    if (Text.endsWith(path, #char '/')) Array.concat(parts, [""]) else parts;
  };

  /// Percent-encodes all but letters, digits and `-_.!~*'()`, as browsers encode a component.
  public func encodeComponent(text : Text) : Text {
    var encoded = "";
    for (byte in Text.encodeUtf8(text).vals()) {
      if (isUnreserved(byte)) {
        encoded #= Text.fromChar(asciiChar(byte));
      } else {
        encoded #= "%" # digits[Nat8.toNat(byte >> 4)] # digits[Nat8.toNat(byte & 15)];
      };
    };
    encoded;
  };

  let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "A", "B", "C", "D", "E", "F"];

  func hexDigit(byte : Nat8) : ?Nat8 {
    if (byte >= 0x30 and byte <= 0x39) return ?(byte - 0x30);
    if (byte >= 0x41 and byte <= 0x46) return ?(byte - 0x37);
    if (byte >= 0x61 and byte <= 0x66) return ?(byte - 0x57);
    null;
  };

  func isUnreserved(byte : Nat8) : Bool {
    let isDigit = byte >= 0x30 and byte <= 0x39;
    let isLetter = (byte >= 0x41 and byte <= 0x5a) or (byte >= 0x61 and byte <= 0x7a);
    isDigit or isLetter or Text.contains("-_.!~*'()", #char(asciiChar(byte)));
  };

  func asciiChar(byte : Nat8) : Char = Char.fromNat32(Nat8.toNat32(byte));

  func first(texts : Iter.Iter<Text>) : Text = switch (texts.next()) {
    case (?text) text;
    case null "";
  };
};
