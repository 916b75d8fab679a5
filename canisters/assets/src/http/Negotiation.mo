/// Which encoding of an asset a client gets.

import Array "mo:core/Array";
import Iter "mo:core/Iter";
import List "mo:core/List";
import Map "mo:core/Map";
import Text "mo:core/Text";
import Assets "../content/Assets";

module {
  /// The first accepted encoding the asset has, in the order of `accept-encoding`; else the most important one.
  public func choose(asset : Assets.Asset, acceptEncoding : Text) : ?(Text, Assets.Encoding) = switch (
    firstOf(asset, accepted(acceptEncoding))
  ) {
    case (?chosen) ?chosen;
    case null mostImportant(asset);
  };

  /// For clients of version 1, which certifies one body only: the most important encoding where it is accepted.
  public func chooseForBody(asset : Assets.Asset, acceptEncoding : Text) : ?(Text, Assets.Encoding) {
    let names = accepted(acceptEncoding);
    let ?(name, encoding) = mostImportant(asset) else return null;
    if (Array.find<Text>(names, func accepts = accepts == name) != null) return ?(name, encoding);
    switch (firstOf(asset, names)) {
      case (?chosen) ?chosen;
      case null ?(name, encoding);
    };
  };

  /// Identity, then the compressions that most clients know, then any.
  public func mostImportant(asset : Assets.Asset) : ?(Text, Assets.Encoding) = switch (
    firstOf(asset, ["identity", "gzip", "compress", "deflate", "br"])
  ) {
    case (?chosen) ?chosen;
    case null Map.entries(asset.encodings).next();
  };

  func firstOf(asset : Assets.Asset, names : [Text]) : ?(Text, Assets.Encoding) {
    for (name in names.vals()) {
      switch (Map.get(asset.encodings, Text.compare, name)) {
        case (?encoding) return ?(name, encoding);
        case null {};
      };
    };
    null;
  };

  /// The values of a header, in order; header names compare without case.
  public func header(headers : [(Text, Text)], name : Text) : ?Text {
    for ((key, value) in headers.vals()) if (Text.toLower(key) == name) return ?value;
    null;
  };

  /// Whether an `if-none-match` value names this entity tag, weak or strong, or any.
  public func matches(ifNoneMatch : Text, etag : Text) : Bool = Iter.any<Text>(
    items(ifNoneMatch),
    func item = item == "*" or item == etag or item == "W/" # etag,
  );

  func accepted(acceptEncoding : Text) : [Text] {
    let names = List.empty<Text>();
    for (item in items(acceptEncoding)) {
      let parts = Text.split(item, #char ';');
      let ?name = parts.next() else return [];
      let refused = Iter.any<Text>(parts, func part = isZeroWeight(trim(part)));
      if (not refused) List.add(names, Text.toLower(trim(name)));
    };
    List.toArray(names);
  };

  func isZeroWeight(parameter : Text) : Bool = switch (Text.stripStart(parameter, #text "q=")) {
    case (?weight) Iter.all<Char>(weight.chars(), func c = c == '0' or c == '.');
    case null false;
  };

  func items(value : Text) : Iter.Iter<Text> = Iter.map(Text.split(value, #char ','), trim);

  func trim(text : Text) : Text = Text.trim(text, #char ' ');
};
