namespace TrafficFlow.Web.Feeds;

/// <summary>Where bins are sent to as they close.</summary>
/// <param name="Name">Of the feed: its place is kept by it. Another name begins anew.</param>
/// <param name="Sites">Whose bins; empty for all of the server's.</param>
/// <param name="Minutes">Of which lengths.</param>
public abstract record FeedSettings(string Name, IReadOnlyList<string> Sites, IReadOnlyList<int> Minutes)
{
    /// <summary>Who gets it may be anybody: it holds what is released, and nothing else.</summary>
    public bool IsPublic { get; init; }

    /// <summary>Where to, as operators are told.</summary>
    public abstract string Destination { get; }
}

/// <summary>To an MQTT 5 broker.</summary>
/// <param name="Host">The broker's.</param>
/// <param name="IsTls">Without it the broker is on the loopback.</param>
/// <param name="CaFile">PEM, of who signed the broker's certificate; null for the machine's own authorities.</param>
/// <param name="User">Null where the broker asks for none.</param>
/// <param name="PasswordFile">Its first line is the password; read anew with each connection.</param>
/// <param name="TopicPrefix">PREFIX/flow/SITE/APPROACH/MINUTES and PREFIX/status/NAME.</param>
public sealed record MqttFeedSettings(
    string Name, IReadOnlyList<string> Sites, IReadOnlyList<int> Minutes, string Host, int Port, bool IsTls, string? CaFile, string? User, string? PasswordFile, string TopicPrefix, string ClientId)
    : FeedSettings(Name, Sites, Minutes)
{
    public override string Destination => $"{(IsTls ? "mqtts" : "mqtt")}://{Host}:{Port}";
}

/// <summary>To a web address.</summary>
/// <param name="SecretFile">Its first line is the secret of the signature; read anew for each request.</param>
public sealed record WebhookFeedSettings(string Name, IReadOnlyList<string> Sites, IReadOnlyList<int> Minutes, Uri Url, string SecretFile) : FeedSettings(Name, Sites, Minutes)
{
    public override string Destination => Url.GetLeftPart(UriPartial.Path);
}

/// <summary>To an NGSI-LD context broker.</summary>
/// <param name="Url">With a final slash; ngsi-ld/v1/ goes behind it.</param>
/// <param name="TokenFile">Its first line is shown as Authorization: Bearer; null where the broker asks for none.</param>
public sealed record NgsiFeedSettings(string Name, IReadOnlyList<string> Sites, IReadOnlyList<int> Minutes, Uri Url, string? Tenant, string? TokenFile) : FeedSettings(Name, Sites, Minutes)
{
    public override string Destination => Url.GetLeftPart(UriPartial.Path);
}
