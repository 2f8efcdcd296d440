using System.Net;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.Tokens;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What a server needs that lets in subscribers with a token: a port, a certificate with its key, and a file of tokens.</summary>
internal static class SubscriptionChecks
{
    public static IEnumerable<Finding> Run(NodeDefinition node, TimeProvider time)
    {
        if (node.Subscriptions is not { } subscriptions) yield break;
        yield return Served(subscriptions.Listen).Port(node);
        yield return ServedPort.Certificate("their certificate", subscriptions.Certificate, subscriptions.PrivateKey, time.GetUtcNow());
        yield return Tokens(subscriptions, time.GetUtcNow());
    }

    /// <summary>Why a node cannot start; null where it can. A certificate that has expired is no reason: its readers are told.</summary>
    public static string? Problem(SubscriptionsSettings subscriptions)
    {
        try
        {
            ServerCertificate.Read(subscriptions.Certificate, subscriptions.PrivateKey);
            TokenFile.Read(subscriptions.TokensFile);
            return Served(subscriptions.Listen).WhyNot();
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static ServedPort Served(IPEndPoint listen) => new(listen, "subscribers", "trafficflow.subscriptions");

    private static Finding Tokens(SubscriptionsSettings subscriptions, DateTimeOffset now)
    {
        const string What = "their tokens";
        try
        {
            var tokens = TokenFile.Read(subscriptions.TokensFile).Tokens;
            var good = tokens.Count(t => t.IsGood(now));
            return good > 0
                ? Finding.Good(What, $"{good} good ones in {subscriptions.TokensFile}")
                : Finding.Doubtful(What, $"no good one in {subscriptions.TokensFile}, so that nobody gets in: make one with trafficflow token create");
        }
        catch (FormatException e)
        {
            return Finding.Bad(What, e.Message);
        }
    }
}
