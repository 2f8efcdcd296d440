using System.Net;

namespace TrafficFlow.Node.Settings;

/// <summary>Where a server lets in who reads topics with a token, and with what.</summary>
/// <param name="Listen">Port 0 takes any free one.</param>
/// <param name="Certificate">In PEM form, the issuers behind it where there are any.</param>
/// <param name="PrivateKey">Its key, readable by this account alone.</param>
/// <param name="TokensFile">Need not be there yet: then nobody gets in.</param>
public sealed record SubscriptionsSettings(IPEndPoint Listen, string Certificate, string PrivateKey, string TokensFile, SubscriptionLimits Limits)
{
    /// <summary>In the data directory, where the section names no other file.</summary>
    public const string UsualTokensFile = "tokens.json";
}

/// <param name="Streams">Open at a time, in all; a few more connections with good tokens.</param>
/// <param name="StreamsOfToken">Open at a time with one token; a few more connections with it.</param>
/// <param name="Unknown">Connections at a time that have shown no good token yet, in all; a quarter of them from one address.</param>
/// <param name="SlowAfter">A reader that takes nothing for so long is cut off.</param>
public sealed record SubscriptionLimits(int Streams, int StreamsOfToken, int Unknown, TimeSpan SlowAfter)
{
    public static readonly SubscriptionLimits Default = new(200, 20, 200, TimeSpan.FromMinutes(1));
}
