/// Answers HTTP requests with assets, and proves the answers.

import Array "mo:core/Array";
import CertifiedData "mo:core/CertifiedData";
import Map "mo:core/Map";
import Runtime "mo:core/Runtime";
import Text "mo:core/Text";
import Aliases "../content/Aliases";
import Assets "../content/Assets";
import Certificate "mo:certification/Certificate";
import Certifier "../certification/Certifier";
import ExprPath "mo:certification/ExprPath";
import Negotiation "Negotiation";
import Responses "Responses";
import Types "../Types";
import Url "mo:certification/Url";

module {
  /// All that serving reads.
  public type Site = { assets : Assets.Assets; certifier : Certifier.Certifier; cookie : ?Text; callback : Types.StreamingCallback };

  /// Where a request leads: the asset with the place its responses are certified at.
  type Target = { path : Text; key : Types.Key; asset : Assets.Asset; place : [Text]; absent : [[Text]] };

  /// The answer to a request. Paths without an asset get `/index.html`, or 404 while there is none.
  public func respond(site : Site, request : Types.HttpRequest) : Types.HttpResponse {
    let ?path = Url.path(request.url) else {
      let target = Url.withoutQuery(request.url);
      return plain(400, [], Text.encodeUtf8("failed to decode path '" # target # "': invalid percent encoding"));
    };
    switch (target(site.assets, path)) {
      case (?found) switch (rawRedirect(found.asset, request)) {
        case (?location) plain(308, [("location", location)], "");
        case null respondWith(site, found, request);
      };
      case null {
        let response = Responses.notFound();
        let headers = if (wantsBodyOnly(request)) Array.concat(response.headers, bodyProof(site, path)) else proven(
          site,
          response,
          ExprPath.fallback(),
          ExprPath.moreSpecific(path),
        );
        plain(404, headers, Responses.notFoundBody);
      };
    };
  };

  /// The chunk a streaming token names and the token of the next one. Traps when the content changed meanwhile.
  public func stream(assets : Assets.Assets, token : Types.StreamingCallbackToken) : Types.StreamingCallbackHttpResponse {
    let ?asset = Map.get(assets, Text.compare, token.key) else Runtime.trap("Invalid token on streaming: key not found.");
    if (not Map.containsKey(asset.encodings, Text.compare, token.content_encoding)) {
      Runtime.trap("Invalid token on streaming: encoding not found.");
    };
    if (token.sha256 == null) Runtime.trap("sha256 required");
    let encoding = Assets.requireEncoding(asset, token.content_encoding, token.sha256);
    { body = encoding.chunks[token.index]; token = nextToken(token, encoding) };
  };

  func target(assets : Assets.Assets, path : Text) : ?Target = switch (Aliases.resolve(assets, path)) {
    case (?(key, asset)) ?{ path; key; asset; place = ExprPath.exact(path); absent = [] };
    case null switch (Aliases.resolve(assets, Aliases.fallbackKey)) {
      case (?(key, asset)) ?{ path; key; asset; place = ExprPath.fallback(); absent = ExprPath.moreSpecific(path) };
      case null null;
    };
  };

  func respondWith(site : Site, found : Target, request : Types.HttpRequest) : Types.HttpResponse {
    let accept = headerOr(request, "accept-encoding", "identity");
    if (wantsBodyOnly(request)) return respondWithBody(site, found, accept);
    let ?(name, encoding) = Negotiation.choose(found.asset, accept) else return plain(404, [], Responses.notFoundBody);
    if (Negotiation.matches(headerOr(request, "if-none-match", ""), Responses.etag(encoding))) {
      let response = Responses.notModified(found.asset, name, encoding, site.cookie);
      return plain(304, proven(site, response, found.place, found.absent), "");
    };
    let response = Responses.found(found.asset, name, encoding, site.cookie);
    content(site, found.key, name, encoding, proven(site, response, found.place, found.absent));
  };

  /// The answer to a client of version 1: certified is the body, in one encoding.
  func respondWithBody(site : Site, found : Target, accept : Text) : Types.HttpResponse {
    let ?(name, encoding) = Negotiation.chooseForBody(found.asset, accept) else return plain(404, [], Responses.notFoundBody);
    let { headers } = Responses.found(found.asset, name, encoding, site.cookie);
    content(site, found.key, name, encoding, Array.concat(headers, bodyProof(site, found.path)));
  };

  func content(
    site : Site,
    key : Types.Key,
    content_encoding : Text,
    encoding : Assets.Encoding,
    headers : [Types.HeaderField],
  ) : Types.HttpResponse {
    let first = { key; content_encoding; index = 0; sha256 = ?encoding.sha256 };
    {
      plain(200, headers, encoding.chunks[0]) with
      streaming_strategy = switch (nextToken(first, encoding)) {
        case (?token) ?#Callback { callback = site.callback; token };
        case null null;
      };
    };
  };

  func wantsBodyOnly(request : Types.HttpRequest) : Bool = switch (request.certificate_version) {
    case (null or ?1) true;
    case _ false;
  };

  func bodyProof(site : Site, path : Text) : [Types.HeaderField] = Certificate.bodyHeader(
    site.certifier.tree,
    CertifiedData.getCertificate(),
    [Certifier.bodyPath(path), Certifier.bodyPath(Aliases.fallbackKey)],
  );

  func proven(site : Site, response : Certificate.Response, place : [Text], absent : [[Text]]) : [Types.HeaderField] = Array.concat(
    response.headers,
    Certificate.headersFor(site.certifier.tree, CertifiedData.getCertificate(), place, response, absent),
  );

  func nextToken(token : Types.StreamingCallbackToken, encoding : Assets.Encoding) : ?Types.StreamingCallbackToken {
    let index = token.index + 1;
    if (index < encoding.chunks.size()) ?{ token with index } else null;
  };

  /// An asset that forbids raw access is sent back to the host that verifies.
  func rawRedirect(asset : Assets.Asset, request : Types.HttpRequest) : ?Text {
    let host = headerOr(request, "host", "");
    if (asset.allowRawAccess != ?false or not Text.contains(host, #text ".raw.")) return null;
    ?("//" # Text.replace(host, #text ".raw.", ".") # request.url);
  };

  func headerOr(request : Types.HttpRequest, name : Text, default : Text) : Text = switch (Negotiation.header(request.headers, name)) {
    case (?value) value;
    case null default;
  };

  func plain(status_code : Nat16, headers : [Types.HeaderField], body : Blob) : Types.HttpResponse = {
    status_code;
    headers;
    body;
    upgrade = null;
    streaming_strategy = null;
  };
};
