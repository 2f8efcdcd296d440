using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Node.Tokens;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>What a server needs that lets in subscribers with a token: a port, a certificate with its key, and a file of tokens.</summary>
internal static class SubscriptionChecks
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    public static IEnumerable<Finding> Run(NodeDefinition node, TimeProvider time)
    {
        if (node.Subscriptions is not { } subscriptions) yield break;
        yield return Port(node, subscriptions.Listen);
        yield return Certificate(subscriptions, time.GetUtcNow());
        yield return Tokens(subscriptions, time.GetUtcNow());
    }

    /// <summary>Why a node cannot start; null where it can. A certificate that has expired is no reason: its readers are told.</summary>
    public static string? Problem(SubscriptionsSettings subscriptions)
    {
        try
        {
            ServerCertificate.Read(subscriptions.Certificate, subscriptions.PrivateKey);
            TokenFile.Read(subscriptions.TokensFile);
            return WhyNot(subscriptions.Listen);
        }
        catch (FormatException e)
        {
            return e.Message;
        }
    }

    private static Finding Port(NodeDefinition node, IPEndPoint listen)
    {
        const string What = "subscribers";
        if (NodeLock.HolderOf(node.DataDirectory) is not null) return Finding.Good(What, $"{listen} belongs to this node, which runs");
        return WhyNot(listen) is { } problem ? Finding.Bad(What, problem) : Finding.Good(What, $"{listen} can be listened on");
    }

    private static string? WhyNot(IPEndPoint listen)
    {
        try
        {
            using var probe = new TcpListener(listen) { ExclusiveAddressUse = true };
            probe.Start();
            return null;
        }
        catch (SocketException e)
        {
            return $"{listen} cannot be listened on for subscribers ({e.Message}): does something else use the port, is it an address of this machine? Set another trafficflow.subscriptions.listen";
        }
    }

    private static Finding Certificate(SubscriptionsSettings subscriptions, DateTimeOffset now)
    {
        const string What = "their certificate";
        try
        {
            var certificate = ServerCertificate.Read(subscriptions.Certificate, subscriptions.PrivateKey).Certificate;
            var (begin, end) = (new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
            var text = $"for {string.Join(", ", Names(certificate).DefaultIfEmpty("no host"))}, until {end:yyyy-MM-dd}";
            return now < begin ? Finding.Bad(What, $"{text}: it holds from {begin:yyyy-MM-dd HH:mm}Z, and this clock says {now:yyyy-MM-dd HH:mm}Z: set the clock right")
                : now > end ? Finding.Bad(What, $"{text}: it has expired, and subscribers refuse it: renew it; a running node takes the new files by itself")
                : end - now < RenewBefore ? Finding.Doubtful(What, $"{text}: {(end - now).TotalDays:0} days are left: renew it; a running node takes the new files by itself")
                : Finding.Good(What, text);
        }
        catch (FormatException e)
        {
            return Finding.Bad(What, e.Message);
        }
    }

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

    private static IEnumerable<string> Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null ? [] : names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString()));
    }
}
