using System.Net;

namespace TrafficFlow.Node.Settings;

/// <summary>How a node is watched by other programs.</summary>
/// <param name="Listen">Where metrics and health are served over HTTP; null for nowhere. Port 0 takes any free one.</param>
/// <param name="Otlp">Where they are sent; null for nowhere.</param>
public sealed record MonitoringSettings(IPEndPoint? Listen, OtlpSettings? Otlp)
{
    public static MonitoringSettings Off { get; } = new(null, null);

    /// <summary>Machines other than this one can read it.</summary>
    public bool IsOpen => Listen is { } address && !IPAddress.IsLoopback(address.Address);
}

public enum OtlpProtocol
{
    Grpc,
    Http,
}

/// <summary>A collector of OpenTelemetry.</summary>
/// <param name="Endpoint">http or https, without the signal's path.</param>
/// <param name="Interval">Between two deliveries of metrics.</param>
/// <param name="TraceShare">Of crossings that are traced from frame to table, 0 to 1.</param>
public sealed record OtlpSettings(Uri Endpoint, OtlpProtocol Protocol, TimeSpan Interval, double TraceShare);
