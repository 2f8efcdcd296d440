using System.Globalization;
using System.Net;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.node.remoting.</summary>
internal static class RemotingSection
{
    public static RemotingSettings Read(SettingsReader node, IReadOnlyList<NodeRole> roles)
    {
        if (node.Section("remoting", "add remoting { hostname = \"127.0.0.1\", port = 4053, seed-nodes = [] }") is not { } reader)
        {
            return new RemotingSettings("", 0, [], null);
        }

        var hostname = reader.Text("hostname", "set the address that this node binds, for example \"127.0.0.1\"");
        if (hostname.Length > 0 && Uri.CheckHostName(hostname) == UriHostNameType.Unknown)
        {
            reader.Problem("hostname", $"\"{hostname}\" is not a host", "set a host name or an address, without port");
        }

        var seeds = new List<NodeAddress>();
        foreach (var (value, key) in reader.Texts("seed-nodes"))
        {
            if (ReadAddress(value.Text) is { } address) seeds.Add(address);
            else reader.Problem(value, key, $"\"{value.Text}\" is not an address of a node", "write \"HOST:PORT\"");
        }

        if (seeds.Count == 0 && reader.OptionalList("seed-nodes").Count == 0 && roles.Count > 0 && !roles.Contains(NodeRole.Server))
        {
            reader.Problem("seed-nodes", "is empty, so that this node would never meet a server", "write the server's [\"HOST:PORT\"]");
        }

        var port = reader.Whole("port", 0, 65535, "TCP port; 0 takes a free one");
        var tls = reader.OptionalSection("tls") is { } section ? TlsSection.Read(section, hostname, TimeProvider.System) : null;
        if (!reader.Has("tls") && hostname.Length > 0 && !IsLoopback(hostname))
        {
            reader.Problem("tls", $"is missing, and {hostname} can be reached from other machines: counts never cross a network in plain text", "add tls { ca, certificate, key, pins } (deploy/CERTIFICATES.md), or set hostname = \"127.0.0.1\"");
        }

        reader.RefuseUnknown();
        return new RemotingSettings(hostname, port, seeds, tls);
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
