/// Methods that read assets.

import Map "mo:core/Map";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Aliases "../content/Aliases";
import Assets "../content/Assets";
import Listing "../content/Listing";
import Types "../Types";

mixin (assets : Assets.Assets) {
  // Aliases count as in URLs.
  func resolved(key : Types.Key) : Assets.Asset = switch (Aliases.resolve(assets, key)) {
    case (?(_, asset)) asset;
    case null Runtime.trap("asset not found");
  };

  public query func api_version() : async Nat16 { 2 };

  public query func list(args : { start : ?Nat; length : ?Nat }) : async [Types.AssetDetails] {
    Listing.list(assets, args.start, args.length);
  };

  /// The first chunk of the first accepted encoding; `get_chunk` gives the others.
  public query func get(args : { key : Types.Key; accept_encodings : [Text] }) : async Types.EncodedAsset {
    let asset = resolved(args.key);
    for (content_encoding in args.accept_encodings.vals()) {
      switch (Map.get(asset.encodings, Text.compare, content_encoding)) {
        case (?encoding) return {
          content = encoding.chunks[0];
          content_type = asset.contentType;
          content_encoding;
          sha256 = ?encoding.sha256;
          total_length = encoding.length;
        };
        case null {};
      };
    };
    Runtime.trap("no such encoding");
  };

  public query func get_chunk(args : { key : Types.Key; content_encoding : Text; index : Nat; sha256 : ?Blob }) : async { content : Blob } {
    let encoding = Assets.requireEncoding(resolved(args.key), args.content_encoding, args.sha256);
    if (args.sha256 == null) Runtime.trap("sha256 required");
    if (args.index >= encoding.chunks.size()) Runtime.trap("chunk index out of bounds");
    { content = encoding.chunks[args.index] };
  };

  public query func get_asset_properties(key : Types.Key) : async Types.AssetProperties {
    Assets.properties(Assets.require(assets, key));
  };
};
