using Microsoft.Extensions.Diagnostics.HealthChecks;
using TrafficFlow.Node.Monitoring;
using TrafficFlow.Web.Pages.Health;

namespace TrafficFlow.Node.WebHosting;

/// <summary>The node's health checks, certificates and audit, for its web host. However many look, they are found once in some seconds.</summary>
/// <param name="audit">Why the audit is not kept as it should be; null while it is.</param>
/// <param name="streams">Of subscribers; null where none are let in.</param>
internal sealed class NodeFactsReader : INodeFacts
{
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(4);

    private readonly SingleFlight<NodeFacts> _found;

    public NodeFactsReader(HealthCheckService checks, IReadOnlyList<(string Use, string File)> certificates, Func<string?> audit, Func<int>? streams, TimeProvider time)
    {
        var ends = certificates.Select(c => (c.Use, c.File, End: new CertificateEnd(c.File))).ToList();
        _found = new SingleFlight<NodeFacts>(async _ =>
        {
            var report = await checks.CheckHealthAsync(CancellationToken.None);
            return new NodeFacts(
                [.. report.Entries.Select(e => new NodeCheck(e.Key, e.Value.Status == HealthStatus.Healthy, e.Value.Description ?? e.Value.Exception?.Message ?? "")).OrderBy(c => c.Name, StringComparer.Ordinal)],
                [.. ends.Select(e => new NodeCertificate(e.Use, e.File, e.End.Read()))],
                audit(), streams?.Invoke());
        }, Holds, time);
    }

    public Task<NodeFacts> ReadAsync(CancellationToken cancellation) => _found.GetAsync(CancellationToken.None).WaitAsync(cancellation);
}
