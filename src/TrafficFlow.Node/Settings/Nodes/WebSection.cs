using System.Net;
using TrafficFlow.Web;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.web: where pages are shown, and programs answered.</summary>
internal static class WebSection
{
    private const string Remedy = "write off, or \"ADDRESS:PORT\" with an IP address of this machine, for example \"127.0.0.1:8080\" or \"[::1]:8080\"";

    /// <returns>Null for no pages, and where something is wrong, with a problem noted.</returns>
    public static WebSettings? Read(SettingsReader? web, IReadOnlyList<NodeRole> roles)
    {
        if (web is null) return null;
        var listen = ListenAddress.Read(web, Remedy);
        var certificate = ReadFile(web, "certificate");
        var key = ReadFile(web, "private-key");
        var isBehindProxy = web.OptionalFlag("behind-proxy") ?? false;
        var isReleasePublic = web.OptionalFlag("released-to-everybody") ?? false;
        var streams = web.OptionalSection("streams") is { } limits ? ReadStreams(limits) : StreamLimits.Default;
        web.RefuseUnknown();
        if (listen is null) return null;
        if (roles.Count > 0 && !roles.Contains(NodeRole.Server)) web.Problem("listen", "is of a node without the role server, which alone has pages", "move trafficflow.web to the file of a server");
        if (certificate is null != key is null) web.Problem(certificate is null ? "certificate" : "private-key", "is missing beside the other one", "write both, in PEM form: those of deploy/ca.sh node, or of a public CA; or neither, on the loopback");
        else if (certificate is null && !IPAddress.IsLoopback(listen.Address))
            web.Problem("listen", $"{listen} is reached from other machines, and passwords would go there in the clear", "set certificate and private-key; or listen on 127.0.0.1 behind a proxy of this machine that speaks TLS, with behind-proxy = on");
        else if (isBehindProxy && !IPAddress.IsLoopback(listen.Address))
            web.Problem("behind-proxy", $"is on, and {listen} is reached past the proxy, by whoever says that he is it", "listen on 127.0.0.1, or set behind-proxy = off");
        return new WebSettings(listen, certificate is not null && key is not null ? new WebCertificate(certificate, key) : null, isBehindProxy) { IsReleasePublic = isReleasePublic, Streams = streams };
    }

    private static StreamLimits ReadStreams(SettingsReader limits)
    {
        var usual = StreamLimits.Default;
        var read = new StreamLimits(
            limits.OptionalWhole("most", 1, 1_900, "streams at a time") ?? usual.Most,
            limits.OptionalWhole("of-an-account", 1, 1_900, "streams at a time") ?? usual.OfAnAccount,
            limits.Has("slow-after") ? limits.Duration("slow-after", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) : usual.SlowAfter);
        limits.RefuseUnknown();
        return read;
    }

    private static string? ReadFile(SettingsReader web, string key) =>
        web.OptionalText(key) is { } file ? UnitCredential.Find(Path.GetFullPath(Path.Combine(web.Find(key)!.Origin.Folder, file))) : null;
}
