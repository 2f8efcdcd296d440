using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.feeds: one section for each feed, by its name. Whether receivers and files can be used is looked at by `run --check`.</summary>
internal static class FeedsSection
{
    private const int MostFeeds = 16;
    private const string Types = "mqtt, webhook, ngsi-ld";
    private const string UrlRemedy = "write https://…; http:// is for this machine alone (127.0.0.1, localhost)";

    public static IReadOnlyList<FeedSettings> Read(SettingsReader? feeds, IReadOnlyList<NodeRole> roles, IReadOnlyList<Site> sites)
    {
        if (feeds is null) return [];
        var read = new List<FeedSettings>();
        foreach (var (name, reader) in feeds.Named())
        {
            if (!NameRule.IsChosen(name)) feeds.Problem(name, "is no name of a feed", NameRule.Remedy);
            else if (Read(name, reader, sites) is { } feed) read.Add(feed);
        }

        if (read.Count > 0 && roles.Count > 0 && !roles.Contains(NodeRole.Server)) feeds.Problem(read[0].Name, "is of a node without the role server, which alone has feeds", "move trafficflow.feeds to the files of the servers");
        if (read.Count > MostFeeds) feeds.Problem(read[MostFeeds].Name, $"is one of {read.Count} feeds, and {MostFeeds} are the most", "let one feed serve several receivers: a broker does");
        return read;
    }

    private static FeedSettings? Read(string name, SettingsReader feed, IReadOnlyList<Site> known)
    {
        var type = feed.Text("type", $"set one of {Types}");
        var sites = ReadSites(feed, [.. known.Select(s => s.Id.Value)]);
        var minutes = ReadMinutes(feed);
        var isPublic = ReadIsPublic(feed);
        FeedSettings? read = type switch
        {
            "mqtt" => ReadMqtt(name, feed, sites, minutes),
            "webhook" => ReadWebhook(name, feed, sites, minutes),
            "ngsi-ld" => ReadNgsi(name, feed, sites, minutes, known),
            _ => null,
        };
        if (read is not null || type is "mqtt" or "webhook" or "ngsi-ld") feed.RefuseUnknown();
        else if (type.Length > 0) feed.Problem("type", $"there is no feed of type \"{type}\"", Suggestion.For(type, ["mqtt", "webhook", "ngsi-ld"], "types"));
        return read is null ? null : read with { IsPublic = isPublic };
    }

    private static MqttFeedSettings? ReadMqtt(string name, SettingsReader feed, IReadOnlyList<string> sites, IReadOnlyList<int> minutes)
    {
        const string Remedy = "write mqtts://HOST:PORT, usually port 8883; mqtt://HOST:PORT is for a broker on this machine alone (127.0.0.1, localhost)";
        var broker = feed.Text("broker", Remedy);
        var (ca, user, password) = (ReadFile(feed, "ca"), feed.OptionalText("user"), ReadSecret(feed, "password-file"));
        var prefix = feed.OptionalText("topic") ?? "trafficflow";
        var client = feed.OptionalText("client-id") ?? $"trafficflow-{name}";
        if (prefix.Length > 200 || prefix.Split('/').Any(p => p.Length == 0) || prefix.Any(c => c is '+' or '#' or '$' || char.IsControl(c)))
            feed.Problem("topic", "is no topic to put others below", "write names divided by /, such as city/traffic: without + # $, and without / at either end");
        if (client.Length > 64 || client.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.'))) feed.Problem("client-id", "is none that every broker takes", "write up to 64 letters, figures, - _ and .");
        if (password is not null && user is null) feed.Problem("user", "is missing beside password-file", "write whose password it is");
        if (!Uri.TryCreate(broker, UriKind.Absolute, out var url) || url.Scheme is not ("mqtt" or "mqtts") || url.Host.Length == 0 || url.AbsolutePath is not ("" or "/"))
        {
            if (broker.Length > 0) feed.Problem("broker", $"\"{Redaction.Of(broker)}\" is no address of a broker", Remedy);
            return null;
        }

        if (url.UserInfo.Length > 0) feed.Problem("broker", "holds a name or a password", "write them as user and password-file");
        var isTls = url.Scheme == "mqtts";
        if (!isTls && !url.IsLoopback) feed.Problem("broker", "is on another machine, and events would go there in the clear, password and all", "write mqtts://, with ca where its certificate is of an authority of your own; or a broker on this machine that bridges to it");
        if (!isTls && ca is not null) feed.Problem("ca", "is for mqtts:// alone", "take it out, or write mqtts://");
        return new MqttFeedSettings(name, sites, minutes, url.IdnHost, url.Port > 0 ? url.Port : isTls ? 8883 : 1883, isTls, ca, user, password, prefix, client);
    }

    private static WebhookFeedSettings? ReadWebhook(string name, SettingsReader feed, IReadOnlyList<string> sites, IReadOnlyList<int> minutes)
    {
        var url = ReadUrl(feed);
        var secret = feed.Has("secret-file") ? ReadSecret(feed, "secret-file") : null;
        if (!feed.Has("secret-file")) feed.Problem("secret-file", "is missing", "write whsec_ and 24 to 64 random bytes in Base64 into a file of its own: (printf whsec_; openssl rand -base64 32) > FILE");
        return url is null || secret is null ? null : new WebhookFeedSettings(name, sites, minutes, url, secret);
    }

    private static NgsiFeedSettings? ReadNgsi(string name, SettingsReader feed, IReadOnlyList<string> sites, IReadOnlyList<int> minutes, IReadOnlyList<Site> known)
    {
        if (known.FirstOrDefault(s => s.Geo is null && (sites.Count == 0 || sites.Contains(s.Id.Value))) is { } nowhere)
            feed.Problem("type", $"site {nowhere.Id} does not say where it lies, which entities of NGSI-LD have to", "add geo { latitude = …, longitude = … } to its site file (hocon/sites/kokandori.conf explains it), or name the other sites in sites");
        var (url, tenant, token) = (ReadUrl(feed), feed.OptionalText("tenant"), ReadSecret(feed, "token-file"));
        if (tenant?.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('_' or '-')) == true) feed.Problem("tenant", "is no name of a tenant", "write letters, figures, - and _");
        return url is null ? null : new NgsiFeedSettings(name, sites, minutes, url.AbsolutePath.EndsWith('/') ? url : new UriBuilder(url) { Path = $"{url.AbsolutePath}/" }.Uri, tenant, token);
    }

    private static Uri? ReadUrl(SettingsReader feed)
    {
        var text = feed.Text("url", UrlRemedy);
        if (text.Length == 0) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url))
        {
            feed.Problem("url", $"\"{Redaction.Of(text)}\" is no web address", UrlRemedy);
            return null;
        }

        if (FeedAddress.WhyNot(url) is not { } why) return url;
        feed.Problem("url", $"\"{Redaction.Of(text)}\" {why}", UrlRemedy);
        return null;
    }

    /// <summary>Whether anybody may get it: totals of closed bins then, as they are released.</summary>
    private static bool ReadIsPublic(SettingsReader feed)
    {
        if (feed.OptionalText("audience") is not { } audience || audience == "staff") return false;
        if (audience != "public") feed.Problem("audience", $"there is no audience \"{audience}\"", "set staff, for receivers who may see counts as they are, or public, for everybody (deploy/RELEASE.md)");
        return true;
    }

    private static List<string> ReadSites(SettingsReader feed, IReadOnlyList<string> known)
    {
        var sites = feed.Texts("sites");
        foreach (var (value, key) in sites.Where(s => known.Count > 0 && !known.Contains(s.Value.Text))) feed.Problem(value, key, $"this node has no site {value.Text}", Suggestion.For(value.Text, known, "sites"));
        return [.. sites.Select(s => s.Value.Text).Distinct()];
    }

    private static List<int> ReadMinutes(SettingsReader feed)
    {
        var all = BinDuration.All.Select(d => d.Minutes).ToList();
        if (!feed.Has("bins")) return all;
        var read = new List<int>();
        foreach (var (value, i) in feed.OptionalList("bins").Select((v, i) => (v, i)))
        {
            if (feed.Number(value, $"bins[{i}]", 1, 60, "minutes") is not { } number) continue;
            if (all.Contains((int)number) && number == (int)number) read.Add((int)number);
            else feed.Problem(value, $"bins[{i}]", "is no length of a bin", $"write some of {string.Join(", ", all)}: minutes");
        }

        return [.. read.Distinct()];
    }

    private static string? ReadFile(SettingsReader feed, string key) =>
        feed.OptionalText(key) is { } file ? UnitCredential.Find(Path.GetFullPath(Path.Combine(feed.Find(key)!.Origin.Folder, file))) : null;

    private static string? ReadSecret(SettingsReader feed, string key)
    {
        if (ReadFile(feed, key) is not { } path) return null;
        if (JournalSection.WhatIsWrongWithFile(path) is var (wrong, _))
            feed.Problem(key, wrong, File.Exists(path) ? $"chmod 640 {path}, or 600" : UnitCredential.Remedy(path) ?? "write the secret into its first line; the name is relative to this file");
        return path;
    }
}
