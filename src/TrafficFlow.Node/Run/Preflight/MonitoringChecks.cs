using System.Net.Sockets;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Node.Settings;
using TrafficFlow.Wire.Journals;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>The port of metrics and health, and the collector that telemetry is sent to.</summary>
internal static class MonitoringChecks
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(4);

    public static async Task<IReadOnlyList<Finding>> RunAsync(NodeDefinition node, CancellationToken cancellation)
    {
        var findings = new List<Finding>();
        if (node.Monitoring.Listen is { } address)
        {
            const string What = "metrics";
            if (NodeLock.HolderOf(node.DataDirectory) is not null) findings.Add(Finding.Good(What, $"http://{address}/metrics belongs to this node, which runs"));
            else if (MonitoringSocket.Problem(address) is { } problem) findings.Add(Finding.Bad(What, problem));
            else if (node.Monitoring.IsOpen) findings.Add(Finding.Doubtful(What, $"http://{address}/metrics, without a password and without encryption: let only the machines through the firewall that are to read them"));
            else findings.Add(Finding.Good(What, $"http://{address}/metrics can be served"));
        }

        if (node.Monitoring.Otlp is { } otlp) findings.Add(await CollectorAsync(otlp, cancellation));
        return findings;
    }

    private static async Task<Finding> CollectorAsync(OtlpSettings otlp, CancellationToken cancellation)
    {
        const string What = "collector";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(ConnectWithin);
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(otlp.Endpoint.DnsSafeHost, otlp.Endpoint.Port, limit.Token);
            return Finding.Good(What, $"{otlp.Endpoint} answers");
        }
        catch (SocketException e)
        {
            return Finding.Doubtful(What, $"{otlp.Endpoint} does not answer ({e.Message}): is the collector up? A node counts without it, and tries again");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Finding.Doubtful(What, $"{otlp.Endpoint} does not answer within {ConnectWithin.TotalSeconds:0} s: is the collector up, and does a firewall let this one through? A node counts without it, and tries again");
        }
    }
}
