using System.Collections.Concurrent;
using Akka.Actor;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Actors.Tests.Evidence;

/// <summary>A node whose camera has counted a file to its end: each vehicle that its outbox stored has its evidence, under the same number.</summary>
public sealed class KeptEvidenceTests : IEvidenceStore, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("cam1", "test.mp4"));

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<KeepEvidence> _kept = new();
    private TestNode _node = null!;

    void IEvidenceStore.Write(IReadOnlyList<KeepEvidence> evidence)
    {
        foreach (var kept in evidence) _kept.Enqueue(kept);
    }

    public async ValueTask InitializeAsync()
    {
        var readers = new TestReaders();
        readers.File().Frames(TestSites.Morning, 300).End();
        _node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(_folder.File("journal.db")))
            .WithApproachAggregators(new SiteRegistry(Site))
            .WithCameras(new CamerasSetup(() => [Site], readers, new CarEachThreeSeconds()) { Evidence = this })
            .WithOperations(system => new CameraOperations(system)));
        await _node.Registry.Get<CamerasActor>().Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
    }

    [Fact]
    public async Task Every_counted_vehicle_has_its_evidence_with_its_own_number_and_what_made_it()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!_kept.SelectMany(k => k.Entries).Any(e => e.Entry is CoverageEntry { Coverage.To: var to } && to >= TestSites.Morning.AddSeconds(29))) await Task.Delay(50, patience.Token);

        var entries = _kept.SelectMany(k => k.Entries).ToList();
        var vehicles = entries.Where(e => e.Entry is VehicleEntry).ToList();
        Assert.NotEmpty(vehicles);
        Assert.All(vehicles, v =>
        {
            var crossing = Assert.IsType<CrossingCounted>(v.Evidence).Crossing;
            Assert.Equal(((VehicleEntry)v.Entry).Vehicle.Time, crossing.Time);
            Assert.True(crossing.Evidence!.Before.Time <= crossing.Time && crossing.Time <= crossing.Evidence.After.Time);
            // Frames are numbered from the camera's first one, ten a second.
            Assert.Equal((crossing.Evidence.After.Time - TestSites.Morning).TotalSeconds * TestSites.Camera("cam1").Frame.FramesPerSecond, crossing.Evidence.After.Frame, 0.01);
        });
        Assert.Equal(entries.Select(e => e.Entry.Sequence).Order(), entries.Select(e => e.Entry.Sequence));
        Assert.All(_kept, k => Assert.Equal((Site.Id, new CameraId("cam1"), Site.Hash), (k.Site, k.Camera, k.Provenance.SiteHash)));

        var peek = Assert.IsType<InspectionTables>(await _node.Registry.Get<OperatorActor>().Ask<OperatorReply>(new PeekIntoOutbox(new CameraId("cam1"), 3), Patience));
        Assert.Equal(["lanes of cam1", "entries that wait in the outbox of cam1"], peek.Tables.Select(t => t.Name));
        Assert.All(peek.Tables[0].Rows, r => Assert.Equal("has everything", r[1]));
        Assert.Equal("nothing waits: every approach has accepted all", Assert.Single(peek.Tables[1].Notes));
        Assert.IsType<CommandFailed>(await _node.Registry.Get<OperatorActor>().Ask<OperatorReply>(new PeekIntoOutbox(new CameraId("cam9"), 3), Patience));
    }

    public async ValueTask DisposeAsync()
    {
        await _node.DisposeAsync();
        _folder.Dispose();
    }
}
