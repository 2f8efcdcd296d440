using System.Diagnostics.Metrics;
using Akka.Actor;
using Akka.Cluster;
using TrafficFlow.Core.Flow;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Custody;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Node.Monitoring;

/// <summary>
/// What a node tells of itself when somebody asks: cameras as they were sampled last, files, certificate, cluster. Reading it asks no actor and no database. What
/// actors count by themselves is in the classes of their features.
/// </summary>
internal sealed class NodeInstruments : IDisposable
{
    /// <summary>A sample that is older says nothing any more.</summary>
    internal static readonly TimeSpan OldAfter = TimeSpan.FromSeconds(30);

    private static readonly (CameraState State, string Name)[] s_states =
    [
        (CameraState.Connecting, "connecting"), (CameraState.Streaming, "streaming"), (CameraState.BackingOff, "backing-off"),
        (CameraState.Finished, "finished"), (CameraState.Failed, "failed"),
    ];

    private readonly Meter _meter = new(TrafficFlowTelemetry.Name, TrafficFlowTelemetry.Meter.Version);
    private readonly Func<NodeSample?> _last;
    private readonly INodeSystems _systems;
    private readonly TimeProvider _time;

    public NodeInstruments(MonitoredNode node, Func<IReadOnlyList<CustodyFinding>> custody, Func<NodeSample?> last, INodeSystems systems, TimeProvider time, Func<NodeVault?>? vault = null)
    {
        (_last, _systems, _time) = (last, systems, time);
        _meter.CreateObservableGauge("trafficflow.build.info", () => new Measurement<int>(1, Tag("trafficflow.version", ProductVersion.Version), Tag("trafficflow.commit", ProductVersion.Commit)),
            null, "Always 1; its labels tell which build this is.");
        Cameras();
        Junctions();
        _meter.CreateObservableGauge("trafficflow.journal.size", () => Sizes(node.Databases), "By", "Size of the node's database files, their write-ahead logs included; none of PostgreSQL.");
        if (node.Certificate is { } own) Remaining("trafficflow.certificate.remaining", own, "Until the node's certificate expires; negative once it has.");
        if (node.SubscriberCertificate is { } shown) Remaining("trafficflow.subscription.certificate.remaining", shown, "Until the certificate that subscribers see expires; negative once it has.");
        _meter.CreateObservableGauge("trafficflow.custody.unmet", () => Unmet(custody()), null, "1 where something is not as a site file requires in custody, 0 where it is; absent where nothing is required.");
        Recordings(vault ?? (() => null));
        _meter.CreateObservableGauge("trafficflow.cluster.member", Members, "{node}", "Nodes of the cluster by state, as this node sees them; of its own alone where it is in none.");
    }

    public void Dispose() => _meter.Dispose();

    private void Remaining(string name, string file, string description)
    {
        var certificate = new CertificateEnd(file);
        _meter.CreateObservableGauge(name, () => Some(certificate.Read() is { } end ? (end - _time.GetUtcNow()).TotalSeconds : null), "s", description);
    }

    private void Cameras()
    {
        _meter.CreateObservableGauge("trafficflow.camera.state", () => Real().SelectMany(c => s_states.Select(s => new Measurement<int>(
            c.Report.Status.State == s.State ? 1 : 0, [.. Of(c), Tag("trafficflow.camera.state", s.Name)]))), null, "1 for the state in which a camera is, 0 for the others.");
        Each("trafficflow.camera.frame.rate", "{frame}/s", "Frames that were looked at, over the last second or so.", c => c.Report.Status.FramesPerSecond);
        Each("trafficflow.camera.frame.age", "s", "Since the last frame came, to some seconds.", c => _time.GetElapsedTime(c.FramesMovedAt).TotalSeconds);
        Each("trafficflow.camera.degraded", null, "1 while what a camera counts is worth less: its scene has changed. Not told of one that does not stream.",
            c => c.Report.Coverage is { } coverage ? coverage == WatchState.Degraded ? 1 : 0 : null);
        Each("trafficflow.recorder.troubled", null, "1 while pictures of a camera should be recorded and cannot be. Not told of one whose pictures cannot be recorded at all.",
            c => c.Report.Status.Recording is { } recording ? recording.State == RecordingState.Troubled ? 1 : 0 : null);
        Each("trafficflow.camera.entry.unstored", "{entry}", "What a camera has counted and its outbox has not stored.", c => c.Report.Status.Pending);
        _meter.CreateObservableCounter("trafficflow.camera.reconnect", () => Real().Select(c => new Measurement<long>(c.Report.Status.Reconnects, Of(c))), "{reconnect}", "How often a camera's source was opened again.");
        _meter.CreateObservableCounter("trafficflow.outbox.lost", () => All().Where(c => c.Report.Outbox is not null).Select(c => new Measurement<long>(c.Report.Outbox!.Value.Dropped, Of(c))),
            "{entry}", "Entries that an outbox gave up because it was full, since the camera was installed.");
    }

    private void Recordings(Func<NodeVault?> vault)
    {
        _meter.CreateObservableGauge("trafficflow.vault.problem", () => Some(vault() is { } v ? (v.Problem is null ? 0 : 1) : null), null, "1 while recordings are not well kept, such as by a key that does not open them or is not there; 0 else.");
        _meter.CreateObservableGauge("trafficflow.vault.due", () => Due(vault()), "{item}", "What of the recordings somebody has to deal with: copies to be destroyed, bundles not confirmed, legal holds about to end, keys not tried.");
        _meter.CreateObservableGauge("trafficflow.vault.key.proof.age", () => ProofAges(vault()),
            "s", "Since a way to the vault's key was last tried with success, or made; the longest of each kind.");
    }

    private static IEnumerable<Measurement<double>> ProofAges(NodeVault? vault) =>
        (vault?.ProofAges() ?? []).Select(a => new Measurement<double>(a.Age.TotalSeconds, Tag("trafficflow.vault.way", a.Way.ToString().ToLowerInvariant())));

    private static IEnumerable<Measurement<int>> Due(NodeVault? vault) => vault?.Due is not { } due ? [] :
        from kind in new[] { VaultDueKind.Copy, VaultDueKind.Bundle, VaultDueKind.Hold, VaultDueKind.Key }
        from isOverdue in new[] { false, true }
        select new Measurement<int>(due.Count(d => d.Kind == kind && d.IsOverdue == isOverdue), Tag("trafficflow.vault.item", kind.ToString().ToLowerInvariant()), Tag("trafficflow.vault.standing", isOverdue ? "overdue" : "soon"));

    private void Junctions()
    {
        _meter.CreateObservableGauge("trafficflow.junction.inside", () => Sample().SelectMany(s => s.Junctions).Select(j => new Measurement<int>(j.Health.Inside, TrafficFlowTelemetry.Site(j.Site.Value))),
            "{vehicle}", "Vehicles that have entered a junction and are still followed.");
        _meter.CreateObservableCounter("trafficflow.journey.ended", () => Sample().SelectMany(s => s.Junctions).SelectMany(j => new (string End, long Count)[]
            { ("whole", j.Health.Whole), ("lost", j.Health.Lost), ("appeared", j.Health.Appeared) }.Select(e => new Measurement<long>(e.Count, TrafficFlowTelemetry.Site(j.Site.Value), Tag("trafficflow.journey.end", e.End)))),
            "{journey}", "Journeys by which of their ends were seen: whole, lost (entered alone), appeared (left alone).");
    }

    private void Each(string name, string? unit, string description, Func<CameraSample, double?> value) =>
        _meter.CreateObservableGauge(name, () => Real().Select(c => (Camera: c, Value: value(c))).Where(c => c.Value is not null).Select(c => new Measurement<double>(c.Value!.Value, Of(c.Camera))), unit, description);

    private IEnumerable<NodeSample> Sample() => _last() is { } sample && _time.GetElapsedTime(sample.TakenAt) < OldAfter ? [sample] : [];

    private IEnumerable<CameraSample> Real() => Sample().SelectMany(s => s.Real);

    private IEnumerable<CameraSample> All() => Sample().SelectMany(s => s.Cameras);

    private static IEnumerable<Measurement<int>> Unmet(IReadOnlyList<CustodyFinding> findings) => findings.Where(f => f.Requirement != Core.Custody.Requirement.Off).GroupBy(f => (f.Site, f.Rule))
        .Select(g => new Measurement<int>(g.Any(f => f.IsUnmet) ? 1 : 0, TrafficFlowTelemetry.Site(g.Key.Site.Value), Tag("trafficflow.custody.rule", g.Key.Rule.ToString().ToLowerInvariant())));

    private IEnumerable<Measurement<int>> Members()
    {
        if (_systems.Cluster is not { WhenTerminated.IsCompleted: false } system || Cluster.Get(system) is not { IsTerminated: false } cluster) return [];
        var state = cluster.State;
        return state.Members.GroupBy(m => state.Unreachable.Contains(m) ? "unreachable" : m.Status.ToString().ToLowerInvariant())
            .Select(g => new Measurement<int>(g.Count(), Tag("trafficflow.member.state", g.Key)));
    }

    private static IEnumerable<Measurement<long>> Sizes(IReadOnlyDictionary<string, string> databases) =>
        from database in databases
        let files = new[] { database.Value, $"{database.Value}-wal" }.Select(f => new FileInfo(f)).Where(f => f.Exists).ToList()
        where files.Count > 0
        select new Measurement<long>(files.Sum(f => f.Length), Tag("trafficflow.journal", database.Key));

    private static IEnumerable<Measurement<double>> Some(double? value) => value is { } known ? [new Measurement<double>(known)] : [];

    private static KeyValuePair<string, object?>[] Of(CameraSample camera) =>
        [TrafficFlowTelemetry.Site(camera.Report.Status.Site.Value), TrafficFlowTelemetry.Camera(camera.Report.Status.Camera.Value)];

    private static KeyValuePair<string, object?> Tag(string key, string value) => new(key, value);
}
