using TrafficFlow.Core.Custody;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Reads the networks within which pictures may come in the clear.</summary>
internal static class NetworkSection
{
    public static IReadOnlyList<TrustedNetwork> ReadAll(SettingsReader custody)
    {
        var networks = new List<TrustedNetwork>();
        foreach (var (item, i) in custody.OptionalList("networks").Select((item, i) => (item, i)))
        {
            if (custody.ItemSection(item, $"networks[{i}]") is not { } reader || Read(reader) is not { } network) continue;
            if (networks.Any(n => n.Name == network.Name)) reader.Problem("name", $"\"{network.Name}\" is the name of two networks", "give each a name of its own");
            networks.Add(network);
        }

        return networks;
    }

    private static TrustedNetwork? Read(SettingsReader reader)
    {
        var name = reader.Text("name", "name the network, for example name = \"camera VPN\"");
        var cidr = reader.Text("cidr", "write its addresses as NETWORK/BITS, for example cidr = \"10.20.0.0/16\"");
        var range = default(System.Net.IPNetwork);
        if (cidr.Length > 0 && !TrustedNetwork.TryParseRange(cidr, out range, out var problem))
            reader.Problem("cidr", $"\"{cidr}\" {problem}", "write NETWORK/BITS with all bits behind the mask zero, for example \"10.20.0.0/16\" or \"fd12:3456:789a::/48\"");
        if (!reader.Has("kind")) reader.Problem("kind", "is missing", "write vpn (encrypted between its ends) or isolated (nobody else is on it)");
        var kind = reader.OptionalChoice("kind", NetworkKind.Vpn, ("vpn", NetworkKind.Vpn), ("isolated", NetworkKind.Isolated));
        var by = reader.Text("said-by", "name who has said that pictures may cross it in the clear");
        var on = reader.Day("said-on", "set the day on which that was said");
        reader.RefuseUnknown();
        return name.Length == 0 || by.Length == 0 || on is not { } day ? null : new TrustedNetwork(name, range, kind, by, day);
    }
}
