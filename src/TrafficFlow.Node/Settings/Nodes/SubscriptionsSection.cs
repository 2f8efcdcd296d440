using System.Net;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.subscriptions. Whether the files can be used is looked at when the node starts, and by `run --check`.</summary>
internal static class SubscriptionsSection
{
    /// <returns>Null where something is wrong, with a problem noted.</returns>
    public static SubscriptionsSettings? Read(SettingsReader subscriptions, IReadOnlyList<NodeRole> roles, string dataDirectory)
    {
        if (roles.Count > 0 && !roles.Contains(NodeRole.Server))
            subscriptions.Problem("listen", "is of a node without the role server, which alone lets subscribers in", "move trafficflow.subscriptions to the file of a server");
        var listen = ReadAddress(subscriptions);
        var certificate = ReadFile(subscriptions, "certificate", "set the certificate that subscribers see, in PEM form: one of deploy/ca.sh node, or of a public CA");
        var key = ReadFile(subscriptions, "private-key", "set the private key of that certificate, in PEM form");
        var tokens = subscriptions.OptionalText("tokens-file") is { } named ? Path.Combine(dataDirectory, named) : Path.Combine(dataDirectory, SubscriptionsSettings.UsualTokensFile);
        var limits = subscriptions.OptionalSection("limits") is { } section ? ReadLimits(section) : SubscriptionLimits.Default;
        subscriptions.RefuseUnknown();
        return listen is null || certificate.Length == 0 || key.Length == 0 || dataDirectory.Length == 0
            ? null
            : new SubscriptionsSettings(listen, certificate, key, Path.GetFullPath(tokens), limits);
    }

    private static IPEndPoint? ReadAddress(SettingsReader subscriptions)
    {
        const string Remedy = "write \"ADDRESS:PORT\", for example \"0.0.0.0:8443\" for every address of this machine, or \"[::1]:8443\"";
        var text = subscriptions.Text("listen", Remedy);
        if (text.Length == 0) return null;
        // Without a port the library would take 0, any free one.
        var colon = text.LastIndexOf(':');
        if (colon > 0 && colon > text.LastIndexOf(']') && (text[0] == '[' || text.IndexOf(':') == colon) && IPEndPoint.TryParse(text, out var address)) return address;
        subscriptions.Problem("listen", $"\"{text}\" is no address to listen on", Remedy);
        return null;
    }

    private static SubscriptionLimits ReadLimits(SettingsReader limits)
    {
        var usual = SubscriptionLimits.Default;
        var read = new SubscriptionLimits(
            limits.OptionalWhole("streams", 1, 10_000, "streams at a time") ?? usual.Streams,
            limits.OptionalWhole("streams-of-a-token", 1, 10_000, "streams at a time") ?? usual.StreamsOfToken,
            limits.OptionalWhole("unknown-connections", 8, 10_000, "connections at a time") ?? usual.Unknown,
            limits.Has("slow-after") ? limits.Duration("slow-after", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) : usual.SlowAfter);
        limits.RefuseUnknown();
        return read;
    }

    private static string ReadFile(SettingsReader reader, string key, string remedy)
    {
        var file = reader.Text(key, remedy);
        return file.Length == 0 ? "" : UnitCredential.Find(Path.GetFullPath(Path.Combine(reader.Find(key)!.Origin.Folder, file)));
    }
}
