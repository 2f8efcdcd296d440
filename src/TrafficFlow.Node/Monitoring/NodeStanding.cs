using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Service;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Node.Monitoring;

/// <summary>An answer to a probe: 200 where all is well, 503 where not, and why as JSON.</summary>
internal sealed record ProbeAnswer(bool IsGood, byte[] Body);

/// <summary>
/// Whether the node is alive, by what feeds its watchdog: its actors work off their mailboxes. And whether it is ready: every camera gives frames, or is known to
/// fail and why; it is a member of its cluster; its databases answer. A camera that is away makes a node neither dead nor unready: a restart would not bring it back.
/// </summary>
internal sealed class NodeStanding(INodeSystems systems, HealthCheckService checks, Func<NodeSample?> last, bool hasCameras, TimeProvider time)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Holds = TimeSpan.FromSeconds(2);

    private readonly SingleFlight<ProbeAnswer> _alive = new(c => AliveNowAsync(systems, c), Holds, time);
    private readonly SingleFlight<ProbeAnswer> _ready = new(c => ReadyNowAsync(checks, () => Fresh(last(), time), hasCameras, c), Holds, time);

    public Task<ProbeAnswer> AliveAsync(CancellationToken stopping) => _alive.GetAsync(stopping);

    public Task<ProbeAnswer> ReadyAsync(CancellationToken stopping) => _ready.GetAsync(stopping);

    private static async Task<ProbeAnswer> AliveNowAsync(INodeSystems systems, CancellationToken stopping)
    {
        var silent = await ActorPulse.SilentAsync([systems.Roadside, systems.Cluster], AnswerWithin, stopping);
        return new ProbeAnswer(silent.Count == 0, JsonSerializer.SerializeToUtf8Bytes(new { alive = silent.Count == 0, silent }));
    }

    private static async Task<ProbeAnswer> ReadyNowAsync(HealthCheckService checks, Func<NodeSample?> last, bool hasCameras, CancellationToken stopping)
    {
        // What cameras do is known already; the other checks ask. Without evidence nothing is counted less, and whatever custody requires.
        var report = await checks.CheckHealthAsync(c => c.Name is not ("cameras" or "evidence" or "custody"), stopping);
        var all = report.Entries.ToDictionary(e => e.Key, e => (IsGood: e.Value.Status == HealthStatus.Healthy, Why: e.Value.Description ?? e.Value.Exception?.Message ?? ""));
        if (hasCameras) all["cameras"] = Cameras(last());
        var isReady = all.Values.All(c => c.IsGood);
        return new ProbeAnswer(isReady, JsonSerializer.SerializeToUtf8Bytes(new { ready = isReady, checks = all.ToDictionary(c => c.Key, c => new { ok = c.Value.IsGood, why = c.Value.Why }) }));
    }

    /// <summary>Cameras that do not answer any more leave what they said last.</summary>
    private static NodeSample? Fresh(NodeSample? sample, TimeProvider time) =>
        sample is not null && time.GetElapsedTime(sample.TakenAt) < NodeInstruments.OldAfter ? sample : null;

    internal static (bool IsGood, string Why) Cameras(NodeSample? sample)
    {
        if (sample is null) return (false, "the cameras do not say how they are: they begin, or they hang; ask again in some seconds");
        var all = sample.Real.Select(c => c.Report.Status).ToList();
        // One that is opened again after a failure is known to fail.
        var opening = all.Where(s => s.State == CameraState.Connecting && s.Reconnects == 0).Select(s => s.Camera.Value).ToList();
        if (opening.Count > 0) return (false, $"{string.Join(", ", opening)} {(opening.Count == 1 ? "is" : "are")} opened for the first time: wait for the first frame");
        var failing = all.Where(s => s.State is not (CameraState.Streaming or CameraState.Finished)).Select(s => s.Reason.Length > 0 ? $"{s.Camera}: {s.Reason}" : $"{s.Camera} is opened again").ToList();
        return (true, failing.Count == 0 ? $"{all.Count} of {all.Count} give frames" : string.Join("; ", failing));
    }
}
