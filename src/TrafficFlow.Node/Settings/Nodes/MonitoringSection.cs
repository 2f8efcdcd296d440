using System.Net;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>Reads trafficflow.monitoring: where metrics and health are served, and where they are sent.</summary>
internal static class MonitoringSection
{
    private const string ListenRemedy = "write off, or \"ADDRESS:PORT\" with an IP address of this machine, for example \"127.0.0.1:9464\" or \"[::1]:9464\"";
    private const string EndpointRemedy = "write \"http://HOST:PORT\" or \"https://HOST:PORT\", for example \"http://127.0.0.1:4317\"";

    private static readonly Dictionary<string, OtlpProtocol> Protocols = Enum.GetValues<OtlpProtocol>().ToDictionary(p => p.ToString().ToLowerInvariant(), p => p);

    public static MonitoringSettings Read(SettingsReader? monitoring)
    {
        if (monitoring is null) return MonitoringSettings.Off;
        var settings = new MonitoringSettings(ListenAddress.Read(monitoring, ListenRemedy), monitoring.OptionalSection("otlp") is { } otlp ? ReadOtlp(otlp) : null);
        monitoring.RefuseUnknown();
        return settings;
    }

    private static OtlpSettings? ReadOtlp(SettingsReader otlp)
    {
        var endpoint = ReadEndpoint(otlp);
        var protocol = ReadProtocol(otlp);
        var interval = otlp.Has("interval") ? otlp.Duration("interval", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) : TimeSpan.FromMinutes(1);
        var share = otlp.OptionalNumber("trace-share", 0, 1, "share of the crossings") ?? 0.001;
        otlp.RefuseUnknown();
        return endpoint is null ? null : new OtlpSettings(endpoint, protocol, interval, share);
    }

    private static Uri? ReadEndpoint(SettingsReader otlp)
    {
        const string Key = "endpoint";
        var text = otlp.Text(Key, EndpointRemedy);
        if (text.Length == 0) return null;
        // Not shown: a password may stand in it.
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Host.Length == 0) otlp.Problem(Key, "is not an address", EndpointRemedy);
        else if (uri.UserInfo.Length > 0) otlp.Problem(Key, "has a user or password in it, which are not sent", EndpointRemedy);
        else if (uri.Scheme is not ("http" or "https")) otlp.Problem(Key, $"{uri.Scheme}: is not spoken", $"{EndpointRemedy}; protocol = grpc says what is spoken there");
        else if (uri.Query.Length > 0 || uri.Fragment.Length > 0 || uri.AbsolutePath.StartsWith("/v1/", StringComparison.Ordinal)) otlp.Problem(Key, $"\"{text}\" says more than where the collector is", "leave out what follows the port: /v1/metrics and /v1/traces are added");
        else return uri;
        return null;
    }

    private static OtlpProtocol ReadProtocol(SettingsReader otlp)
    {
        if (otlp.OptionalText("protocol") is not { } protocol) return OtlpProtocol.Grpc;
        if (Protocols.TryGetValue(protocol, out var known)) return known;
        otlp.Problem("protocol", $"\"{protocol}\" is no protocol of OTLP", Suggestion.For(protocol, Protocols.Keys, "protocols"));
        return OtlpProtocol.Grpc;
    }
}
