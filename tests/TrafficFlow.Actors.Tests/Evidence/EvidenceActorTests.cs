using System.Collections.Concurrent;
using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Actors.Tests.Evidence;

public sealed class EvidenceActorTests() : TestKit(TestConfig.Reference), IEvidenceStore
{
    private readonly ConcurrentQueue<KeepEvidence> _written = new();
    private volatile string _problem = "";

    void IEvidenceStore.Write(IReadOnlyList<KeepEvidence> evidence)
    {
        if (_problem.Length > 0) throw new EvidenceException(_problem);
        foreach (var kept in evidence) _written.Enqueue(kept);
    }

    [Fact]
    public void What_comes_is_written_in_its_order()
    {
        var keeper = Sys.ActorOf(EvidenceActor.Props(this), EvidenceActor.Name);

        for (var i = 1; i <= 5; i++) keeper.Tell(Kept(i));

        AwaitAssert(() => Assert.Equal([1, 2, 3, 4, 5], _written.Select(k => k.Epoch)), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void What_came_last_is_written_when_it_stops()
    {
        var keeper = Sys.ActorOf(EvidenceActor.Props(this), EvidenceActor.Name);
        keeper.Tell(Kept(1));
        Watch(keeper);

        keeper.Tell(PoisonPill.Instance);

        ExpectTerminated(keeper, TimeSpan.FromSeconds(30));
        Assert.Equal([1], _written.Select(k => k.Epoch));
    }

    [Fact]
    public void A_full_disk_is_one_line_and_it_goes_on_when_there_is_room()
    {
        _problem = "the disk is full";
        var keeper = Sys.ActorOf(EvidenceActor.Props(this), EvidenceActor.Name);

        EventFilter.Warning(contains: "cannot be kept (the disk is full): counting goes on").Expect(1, TimeSpan.FromSeconds(30), () => keeper.Tell(Kept(1)));
        keeper.Tell(Kept(2));
        _problem = "";

        AwaitAssert(() =>
        {
            keeper.Tell(Kept(3));
            Assert.Contains(3, _written.Select(k => k.Epoch));
        }, TimeSpan.FromSeconds(30));
    }

    private static KeepEvidence Kept(long epoch) => new(new SiteId("a"), new CameraId("cam1"), epoch, TestSites.Motion, [new CountedEntry(
        new CoverageEntry(1, new Core.Flow.Coverage(new CameraId("cam1"), TestSites.Morning, TestSites.Morning.AddSeconds(5), 50, 0, Core.Flow.WatchState.Watching)), null)]);
}
