/// What the canister tells about its assets as a whole: the list, and a digest of everything.

import Array "mo:core/Array";
import Blob "mo:core/Blob";
import Iter "mo:core/Iter";
import Map "mo:core/Map";
import Nat8 "mo:core/Nat8";
import Text "mo:core/Text";
import Assets "Assets";
import Sha256 "mo:certification/Sha256";
import Types "../Types";

module {
  let pageSize = 100;

  /// Assets in order of their keys; all of them unless a start or a length asks for a page.
  public func list(assets : Assets.Assets, start : ?Nat, length : ?Nat) : [Types.AssetDetails] {
    let all = Map.entries(assets);
    let page = switch (start, length) {
      case (null, null) all;
      case (?from, null) Iter.take(Iter.drop(all, from), pageSize);
      case (null, ?count) Iter.take(all, count);
      case (?from, ?count) Iter.take(Iter.drop(all, from), count);
    };
    Iter.toArray(Iter.map<(Text, Assets.Asset), Types.AssetDetails>(page, func((key, asset)) = details(key, asset)));
  };

  /// Hexadecimal digest over keys, content types, properties and contents. Equal contents give equal digests.
  public func stateHash(assets : Assets.Assets) : Text {
    let hasher = Sha256.new();
    for ((key, asset) in Map.entries(assets)) {
      for (text in [key, asset.contentType, debug_show (Assets.properties(asset))].vals()) writeText(hasher, text);
      for ((name, encoding) in Map.entries(asset.encodings)) {
        writeText(hasher, name);
        Sha256.write(hasher, encoding.sha256);
      };
    };
    hex(Sha256.finish(hasher));
  };

  /// Lower-case hexadecimal digits of some bytes.
  public func hex(bytes : Blob) : Text {
    let digits = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];
    Array.foldLeft<Nat8, Text>(
      Blob.toArray(bytes),
      "",
      func(text, byte) = text # digits[Nat8.toNat(byte >> 4)] # digits[Nat8.toNat(byte & 15)],
    );
  };

  // The length goes first, so that no two lists of texts give the same bytes.
  func writeText(hasher : Sha256.Hasher, text : Text) {
    let bytes = Text.encodeUtf8(text);
    Sha256.write(hasher, Text.encodeUtf8(debug_show (bytes.size()) # ":"));
    Sha256.write(hasher, bytes);
  };

  func details(key : Text, asset : Assets.Asset) : Types.AssetDetails = {
    Assets.properties(asset) with
    key;
    content_type = asset.contentType;
    encodings = Iter.toArray(
      Iter.map<(Text, Assets.Encoding), Types.EncodingDetails>(
        Map.entries(asset.encodings),
        func((content_encoding, encoding)) = {
          content_encoding;
          sha256 = ?encoding.sha256;
          length = encoding.length;
          modified = encoding.modified;
        },
      )
    );
  };
};
