using System.Globalization;
using System.Net;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>
/// Reads trafficflow.node.remoting: who has it has peers, and speaks TLS with them, on the loopback too. Only a node with the role server
/// can do without.
/// </summary>
internal static class RemotingSection
{
    public static RemotingSettings Read(SettingsReader node, IReadOnlyList<NodeRole> roles)
    {
        var mayBeAlone = roles.Count == 0 || roles.Contains(NodeRole.Server);
        if (node.OptionalSection("remoting") is not { } reader)
        {
            if (!mayBeAlone && !node.Has("remoting"))
                node.Problem("remoting", "is missing, so that this node would never meet a server", "add remoting { hostname, seed-nodes, tls } as in hocon/roadside.conf");
            return RemotingSettings.NoPeers;
        }

        var hostname = reader.OptionalText("hostname") ?? RemotingSettings.NoPeers.Hostname;
        var isHost = Uri.CheckHostName(hostname) != UriHostNameType.Unknown;
        if (!isHost) reader.Problem("hostname", $"\"{hostname}\" is not a host", "set a host name or an address, without port");
        var seeds = new List<NodeAddress>();
        foreach (var (value, key) in reader.Texts("seed-nodes"))
        {
            if (ReadAddress(value.Text) is { } address) seeds.Add(address);
            else reader.Problem(value, key, $"\"{value.Text}\" is not an address of a node", "write \"HOST:PORT\"");
        }

        var namesNoSeeds = seeds.Count == 0 && reader.OptionalList("seed-nodes").Count == 0;
        if (namesNoSeeds && !mayBeAlone)
            reader.Problem("seed-nodes", "is empty, so that this node would never meet a server", "write the server's [\"HOST:PORT\"]");
        var port = reader.OptionalWhole("port", 0, 65535, "TCP port; 0 takes a free one") ?? RemotingSettings.NoPeers.Port;
        var tls = reader.OptionalSection("tls") is { } section ? TlsSection.Read(section, hostname, TimeProvider.System) : null;
        // Until nodes on one machine spoke TLS too, this was how a node without peers was written.
        var isFormerSingle = !reader.Has("tls") && namesNoSeeds && mayBeAlone && IsLoopback(hostname);
        if (!reader.Has("tls") && !isFormerSingle && isHost)
        {
            reader.Problem(
                "tls",
                "is missing: nodes speak mutual TLS or not at all, on the addresses of this machine too",
                "make certificates with deploy/ca.sh and add tls { ca, certificate, key, pins } (deploy/CERTIFICATES.md), or remove remoting where the node has no peers");
        }

        reader.RefuseUnknown();
        return new RemotingSettings(hostname, port, seeds, tls) { IsFormerSingle = isFormerSingle };
    }

    private static bool IsLoopback(string hostname) =>
        hostname.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(hostname.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    private static NodeAddress? ReadAddress(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && Uri.CheckHostName(text[..colon]) != UriHostNameType.Unknown
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
                ? new NodeAddress(text[..colon], port)
                : null;
    }
}
