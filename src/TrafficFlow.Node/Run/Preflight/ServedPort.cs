using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>A port at which a node serves others, with its certificate.</summary>
/// <param name="Whom">Is served there: subscribers, pages.</param>
/// <param name="Section">Of the settings, whose key `listen` says it.</param>
internal sealed record ServedPort(IPEndPoint Listen, string Whom, string Section)
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    public Finding Port(NodeDefinition node)
    {
        if (NodeLock.HolderOf(node.DataDirectory) is not null) return Finding.Good(Whom, $"{Listen} belongs to this node, which runs");
        return WhyNot() is { } problem ? Finding.Bad(Whom, problem) : Finding.Good(Whom, $"{Listen} can be listened on");
    }

    /// <returns>Null where it can be listened on.</returns>
    public string? WhyNot()
    {
        try
        {
            using var probe = new TcpListener(Listen) { ExclusiveAddressUse = true };
            probe.Start();
            return null;
        }
        catch (SocketException e)
        {
            return $"{Listen} cannot be listened on for {Whom} ({e.Message}): does something else use the port, is it an address of this machine? Set another {Section}.listen";
        }
    }

    public static Finding Certificate(string what, string file, string key, DateTimeOffset now)
    {
        try
        {
            var certificate = ServerCertificate.Read(file, key).Certificate;
            var (begin, end) = (new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero), new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero));
            var text = $"for {string.Join(", ", Names(certificate).DefaultIfEmpty("no host"))}, until {end:yyyy-MM-dd}";
            return now < begin ? Finding.Bad(what, $"{text}: it holds from {begin:yyyy-MM-dd HH:mm}Z, and this clock says {now:yyyy-MM-dd HH:mm}Z: set the clock right")
                : now > end ? Finding.Bad(what, $"{text}: it has expired, and whoever comes refuses it: renew it; a running node takes the new files by itself")
                : end - now < RenewBefore ? Finding.Doubtful(what, $"{text}: {(end - now).TotalDays:0} days are left: renew it; a running node takes the new files by itself")
                : Finding.Good(what, text);
        }
        catch (FormatException e)
        {
            return Finding.Bad(what, e.Message);
        }
    }

    private static IEnumerable<string> Names(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault();
        return names is null ? [] : names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString()));
    }
}
