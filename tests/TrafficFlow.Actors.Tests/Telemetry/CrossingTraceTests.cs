using System.Collections.Concurrent;
using System.Diagnostics;
using Akka.Actor;
using OpenTelemetry;
using OpenTelemetry.Trace;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Actors.Tests.Telemetry;

/// <summary>Other tests trace at the same time: only spans of the own site are looked at.</summary>
public sealed class CrossingTraceTests : IDisposable
{
    private const string Name = "traced";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly Site Site = TestSites.Site(TestSites.Camera("traced-cam", "test.mp4")) with { Id = new SiteId(Name) };
    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly TempFolder _folder = new();

    [Fact]
    public async Task A_crossing_is_traced_from_its_frame_to_the_read_table_under_one_id_that_no_message_carries()
    {
        using var traces = Sdk.CreateTracerProviderBuilder().AddSource(TrafficFlowTelemetry.Name).SetSampler(new TraceIdRatioBasedSampler(0.5)).AddProcessor(new Kept(_spans)).Build();
        var readers = new TestReaders();
        readers.File().Frames(TestSites.Morning, 700).End();
        var journal = new SqliteJournal(_folder.File("journal.db")) { MinFreeBytes = 0 };
        await using var node = await TestNode.Start(builder => builder
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Roadside, TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(journal).WithFlowTables(journal).WithApproachAggregators(Site)
            .WithCameras(new CamerasSetup(() => [Site], readers, new CarEachThreeSeconds()) { Policy = new CameraPolicy { ProgressInterval = TimeSpan.Zero } }));
        await node.Registry.Get<CamerasActor>().Ask<DeliveryReport>(AwaitDelivery.Instance, Patience);
        await UntilAsync(() => Traces().Any(t => t.Any(s => s.OperationName == "table write")));

        var whole = Traces().First(t => t.Any(s => s.OperationName == "table write"));
        Assert.Equal(
            ["frame decode", "detect", "track and count", "outbox store", "deliver", "aggregate", "table write"],
            whole.OrderBy(s => Array.IndexOf(Order, s.OperationName)).Select(s => s.OperationName).Distinct());
        var identity = new CrossingIdentity(Site.Id, new CameraId("traced-cam"), (long)whole.First().GetTagItem("trafficflow.epoch")!, (long)whole.First().GetTagItem("trafficflow.sequence")!);
        Assert.Equal(CrossingTrace.TraceOf(identity), whole.Key);
        Assert.All(whole, s => Assert.Equal(default, s.ParentSpanId));
        Assert.All(whole, s => Assert.True(s.Duration >= TimeSpan.Zero, s.OperationName));
        // In the order in which it happened.
        Assert.True(whole.First(s => s.OperationName == "frame decode").StartTimeUtc <= whole.First(s => s.OperationName == "aggregate").StartTimeUtc);
        // No vehicle is described, nor when it was there.
        Assert.All(whole.SelectMany(s => s.TagObjects), t => Assert.Contains(t.Key, new[] { "trafficflow.site", "trafficflow.camera", "trafficflow.epoch", "trafficflow.sequence", "trafficflow.approach" }));
    }

    [Fact]
    public void Every_node_picks_the_same_crossings_and_about_as_many_as_are_asked_for()
    {
        var picked = Enumerable.Range(1, 20_000).Count(i => Picks(new CrossingIdentity(Site.Id, new CameraId("cam"), 7, i)));
        Assert.InRange(picked, 120, 280);
        static bool Picks(CrossingIdentity crossing) => new TraceIdRatioBasedSampler(0.01).ShouldSample(
            new SamplingParameters(default, CrossingTrace.TraceOf(crossing), "x", ActivityKind.Internal)).Decision == SamplingDecision.RecordAndSample;
    }

    private static readonly string[] Order = ["frame decode", "detect", "track and count", "outbox store", "deliver", "aggregate", "table write"];

    private IEnumerable<IGrouping<ActivityTraceId, Activity>> Traces() => _spans.Where(s => Equals(s.GetTagItem("trafficflow.site"), Name)).GroupBy(s => s.TraceId);

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!reached()) await pace.WaitForNextTickAsync(patience.Token);
    }

    private sealed class Kept(ConcurrentQueue<Activity> spans) : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity data) => spans.Enqueue(data);
    }

    public void Dispose() => _folder.Dispose();
}
