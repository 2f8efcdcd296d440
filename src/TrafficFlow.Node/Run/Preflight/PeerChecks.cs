using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>
/// What a node with peers needs: its certificate, its port, the nodes through which it joins. That the files fit together, are pinned and name the node was
/// looked at when the settings were read.
/// </summary>
internal static class PeerChecks
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Finding>> RunAsync(NodeDefinition node, TimeProvider time, CancellationToken cancellation)
    {
        if (node.Membership.Tls is not { } tls) return [];
        var findings = new List<Finding> { Certificate(tls.Certificate, time.GetUtcNow()), Port(node) };
        var seeds = node.Membership.Seeds.Select(Address.Parse).Where(a => a.Host != node.Membership.Host || a.Port != node.Membership.Port);
        findings.AddRange(await Task.WhenAll(seeds.Select(s => SeedAsync(s.Host ?? "", s.Port ?? 0, cancellation))));
        return findings;
    }

    internal static Finding Certificate(string file, DateTimeOffset now)
    {
        const string What = "certificate";
        try
        {
            using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(file));
            var end = new DateTimeOffset(certificate.NotAfter.ToUniversalTime(), TimeSpan.Zero);
            var who = $"{PeerIdentity.Of(certificate)?.ToString() ?? certificate.Subject}, until {end:yyyy-MM-dd}";
            var begin = new DateTimeOffset(certificate.NotBefore.ToUniversalTime(), TimeSpan.Zero);
            if (begin > now) return Finding.Bad(What, $"{who}: it holds from {begin:yyyy-MM-dd HH:mm}Z, and this clock says {now:yyyy-MM-dd HH:mm}Z: set the clock right, or that of the machine that made it");
            if (end < now) return Finding.Bad(What, $"{who}: it has expired: renew it with deploy/ca.sh renew (deploy/CERTIFICATES.md)");
            return end - now < RenewBefore
                ? Finding.Doubtful(What, $"{who}: {(end - now).TotalDays:0} days are left: renew it with deploy/ca.sh renew (deploy/CERTIFICATES.md)")
                : Finding.Good(What, who);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return Finding.Bad(What, $"{file} cannot be read ({e.Message}): make it with deploy/ca.sh node");
        }
    }

    private static Finding Port(NodeDefinition node)
    {
        const string What = "port";
        var (host, port) = (node.Membership.Host, node.Membership.Port);
        if (port == 0) return Finding.Good(What, $"any free one of {host}");
        if (NodeLock.HolderOf(node.DataDirectory) is not null) return Finding.Good(What, $"{host}:{port} belongs to this node, which runs");
        try
        {
            var address = IPAddress.TryParse(host, out var literal) ? literal : Dns.GetHostAddresses(host).First();
            using var probe = new TcpListener(address, port) { ExclusiveAddressUse = true };
            probe.Start();
            return Finding.Good(What, $"{host}:{port} is free");
        }
        catch (SocketException e)
        {
            return Finding.Bad(What, $"{host}:{port} cannot be used ({e.Message}): is hostname an address of this machine, does something else use the port? Set trafficflow.node.remoting");
        }
    }

    private static async Task<Finding> SeedAsync(string host, int port, CancellationToken cancellation)
    {
        const string What = "seed node";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectWithin);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(host, port, limit.Token);
            return Finding.Good(What, $"{host}:{port} answers");
        }
        // Nodes may start in any order, and a link may be down while this one measures.
        catch (SocketException e)
        {
            return Finding.Doubtful(What, $"{host}:{port} does not answer ({e.Message}): is that node up, and the way to it open? Counts wait until it is");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Doubtful(What, $"{host}:{port} does not answer within {ConnectWithin.TotalSeconds:0} s: is that node up, and does a firewall let this one through? Counts wait until it is");
        }
    }
}
