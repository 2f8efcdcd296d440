using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Cluster.Tools.PublishSubscribe;
using Akka.TestKit;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Journeys;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Journeys;

/// <summary>Journeys from an outbox into real tables.</summary>
public sealed class JourneyIntakeTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();
    private readonly TestProbe _topics;

    public JourneyIntakeTests() : base(TestConfig.Reference) => _topics = CreateTestProbe();

    [Fact]
    public async Task What_was_accepted_is_in_the_table_once_also_after_both_sides_began_anew()
    {
        var first = Start();
        Assert.Equal(new Accepted(Cam1, ApproachId.Journeys, 1, 2), await first.Ask<Accepted>(Journeys(1, 2), Patience));
        Sys.Stop(first);

        var second = Start();
        Assert.Equal(2, (await second.Ask<Accepted>(Journeys(1, 2), Patience)).UpToSequence);
        Assert.Equal(3, (await second.Ask<Accepted>(Journeys(2, 3), Patience)).UpToSequence);

        Assert.Equal([1, 2, 3], await StoredAsync());
    }

    [Fact]
    public async Task Times_are_cut_to_whole_seconds()
    {
        var journey = new Journey(1, TestSites.North, null, At(1.75), null, VehicleClass.Bus, 0.9) { FirstSeenAt = At(1.25), LastSeenAt = At(2.999) };
        await Start(TestSites.Junction).Ask<Accepted>(Journeys(1) with { Entries = [new JourneyEntry(1, Cam1, journey)] }, Patience);

        var told = ((JourneyEnded)_topics.ExpectMsg<Publish>(Patience).Message).Journey;
        Assert.Equal((At(1), At(2), At(1)), (told.FirstSeenAt, told.LastSeenAt, told.EnteredAt));
    }

    [Theory]
    [InlineData(long.MaxValue, 1)]
    [InlineData(1, 1_000_000)]
    public async Task A_mark_that_was_set_ahead_costs_no_later_journey(long epoch, long sequence)
    {
        var intake = Start(TestSites.Junction);
        await intake.Ask<Accepted>(Journeys(1, 2), Patience);
        await intake.Ask<Accepted>(Journeys(1) with { Epoch = epoch, UpToSequence = sequence, Entries = [] }, Patience);

        await intake.Ask<Accepted>(Journeys(2, 3) with { After = new LogPosition(1, 2) }, Patience);
        await intake.Ask<Accepted>(Journeys(3, 4) with { After = new LogPosition(1, 3) }, Patience);

        Assert.Equal([1, 2, 3, 4], await StoredAsync());
    }

    [Fact]
    public async Task Who_is_no_camera_of_the_site_is_not_answered()
    {
        var intake = Start(TestSites.Junction);
        // One of its own: who tells something without a sender, on a thread that a test used before, does so in the name of that test's actor.
        var forger = CreateTestProbe();
        intake.Tell(Journeys(1) with { Camera = new CameraId("forged") }, forger.Ref);
        await intake.Ask<Accepted>(Journeys(2), Patience);

        await forger.ExpectNoMsgAsync(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        Assert.Equal([2], await StoredAsync());
    }

    [Fact]
    public async Task What_it_does_not_know_waits_in_the_outbox()
    {
        var batch = Journeys(1, 2);
        var accepted = await Start().Ask<Accepted>(
            batch with { UpToSequence = 4, Entries = [.. batch.Entries, new UnknownEntry(3, Cam1, ApproachId.Journeys, []), .. Journeys(4).Entries] }, Patience);

        Assert.Equal(2, accepted.UpToSequence);
        Assert.Equal([1, 2], await StoredAsync());
    }

    [Fact]
    public async Task A_journey_is_published_once_it_is_in_the_table_and_only_then()
    {
        var first = Start();
        await first.Ask<Accepted>(Journeys(1, 2), Patience);
        await first.Ask<Accepted>(Journeys(1, 2, 3), Patience);
        var published = Enumerable.Range(0, 3).Select(_ => _topics.ExpectMsg<Publish>(Patience)).ToList();

        Assert.All(published, p => Assert.Equal("journeys.kokandori", p.Topic));
        Assert.Equal([(1, 1), (2, 2), (3, 3)], published.Select(p => (JourneyEnded)p.Message).Select(j => (j.Cursor, j.Journey.Number)));
        _topics.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task A_subscriber_gets_what_is_stored_from_a_time_on()
    {
        var intake = Start(TestSites.Junction);
        await intake.Ask<Accepted>(Journeys(1, 2, 3), Patience);

        var page = await intake.Ask<JourneysAfter>(new GetJourneysAfter(TestSites.Kokandori, TopicPlace.From(At(2)), 100), Patience);

        Assert.Equal([2L, 3L], page.Journeys.Select(j => j.Cursor));
        Assert.Equal((TopicPlace.After(3), false), (page.Reached, page.More));
        Assert.Equal(TestSites.Motion, page.Journeys[0].Provenance);
    }

    [Fact]
    public void A_site_without_a_junction_is_told_and_not_remembered()
    {
        var shard = CreateTestProbe();
        var intake = shard.ChildActorOf(Props(TimeProvider.System, TestSites.Site(TestSites.Camera("cam1")), TestSites.Junction with { Id = new SiteId("harbour") }));

        intake.Tell(new GetJourneysAfter(TestSites.Kokandori, null, 100), TestActor);

        Assert.Equal(["harbour/_journeys"], ExpectMsg<ApproachNotFound>(Patience).Known);
        shard.ExpectMsg<Passivate>(Patience);
    }

    [Fact]
    public async Task What_is_delivered_for_a_site_that_this_server_does_not_have_is_kept_and_can_be_read()
    {
        var intake = Start();
        await intake.Ask<Accepted>(Journeys(1), Patience);

        Assert.Single((await intake.Ask<JourneysAfter>(new GetJourneysAfter(TestSites.Kokandori, TopicPlace.After(0), 100), Patience)).Journeys);
    }

    [Fact]
    public async Task Journeys_of_a_clock_that_runs_ahead_are_held_until_somebody_decides()
    {
        var intake = Start(TestSites.Junction);
        var ahead = new ClockReading(DateTimeOffset.UtcNow.AddHours(2), TimeSpan.Zero);
        await intake.Ask<Accepted>(Journeys(1, 2) with { Clock = ahead }, Patience);
        await intake.Ask<Accepted>(Journeys(3), Patience);

        // The first that is published is the one that was stamped right.
        Assert.Equal(3, ((JourneyEnded)_topics.ExpectMsg<Publish>(Patience).Message).Journey.Number);
        Assert.Equal([3], await StoredAsync());
        var run = Assert.Single((await intake.Ask<Quarantine>(new GetQuarantine(TestSites.Kokandori, ApproachId.Journeys), Patience)).Runs);
        Assert.Equal((Cam1, 1L, 2L), (run.Camera, run.Epoch, run.Vehicles));
        Assert.InRange(run.ClockOffset!.Value.TotalMinutes, -120.1, -119);

        var answer = await intake.Ask<QuarantineAnswer>(
            new ResolveQuarantine(TestSites.Kokandori, ApproachId.Journeys, Cam1, 1, QuarantineAction.Release, TimeSpan.FromSeconds(10)), Patience);
        Assert.Equal((2L, ""), (answer.Entries, answer.Problem));
        Assert.Equal([3, 1, 2], await StoredAsync());
    }

    [Fact]
    public async Task What_was_held_because_the_clock_of_the_server_was_wrong_comes_when_that_is_set_right()
    {
        var time = new ManualTime(At(-3600));
        var intake = Sys.ActorOf(Props(time, TestSites.Junction));
        await intake.Ask<Accepted>(Journeys(1, 2) with { Clock = new ClockReading(At(10), TimeSpan.Zero) }, Patience);
        await intake.Ask<Accepted>(Journeys(3) with { Epoch = 2, Clock = new ClockReading(At(7200), TimeSpan.Zero) }, Patience);
        Assert.Empty(await StoredAsync());

        time.Step(TimeSpan.FromSeconds(3610));

        await AwaitConditionAsync(async () => (await StoredAsync()).Count() == 2, Patience, TimeSpan.FromMilliseconds(50));
        Assert.Equal([1, 2], await StoredAsync());
        Assert.Equal(2, Assert.Single((await intake.Ask<Quarantine>(new GetQuarantine(TestSites.Kokandori, ApproachId.Journeys), Patience)).Runs).Epoch);
    }

    [Fact]
    public async Task What_looks_late_is_taken_for_a_wrong_clock_only_when_it_is_sent_again()
    {
        var intake = Start();
        intake.Tell(Journeys(1) with { Clock = new ClockReading(DateTimeOffset.UtcNow.AddHours(-2), TimeSpan.Zero) }, TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(200));

        Assert.Equal(1, (await intake.Ask<Accepted>(Journeys(1) with { Clock = new ClockReading(DateTimeOffset.UtcNow, TimeSpan.Zero) }, Patience)).UpToSequence);
        Assert.Equal([1], await StoredAsync());
    }

    [Fact]
    public async Task It_is_no_approach() =>
        Assert.IsType<ApproachNotFound>(await Start().Ask<object>(new GetApproachStatus(TestSites.Kokandori, ApproachId.Journeys), Patience));

    protected override void AfterAll()
    {
        base.AfterAll();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static DeliveryBatch Journeys(params int[] numbers) => new(
        TestSites.Kokandori, Cam1, ApproachId.Journeys, 1, numbers[^1], TestSites.Motion,
        [.. numbers.Select(n => new JourneyEntry(n, Cam1, new Journey(n, TestSites.North, null, At(n), null, VehicleClass.Bus, 0.9) { FirstSeenAt = At(n), LastSeenAt = At(n) }))]);

    private SqliteJournal Journal => new(_folder.File("journal.db"));

    private IActorRef Start(params Site[] sites) => Sys.ActorOf(Props(TimeProvider.System, sites));

    private Props Props(TimeProvider time, params Site[] sites) => JourneyIntake.Props(
        $"kokandori/{ApproachId.Journeys}", new SiteRegistry(sites), new AggregationSettings { LatenessCheck = TimeSpan.FromMilliseconds(20) }, new TopicPublisher(_topics),
        Sys.ActorOf(FlowTableWriter.Props(new FlowTables(Journal), new TableRetention(), TimeProvider.System)), time);

    private async Task<IEnumerable<int>> StoredAsync()
    {
        var page = await ReadTables.Journeys(Journal).ReadAsync(new JourneyFilter(TestSites.Kokandori, new Interval(At(0), At(60))), null, 100, default);
        return page.Journeys.Select(j => (int)j.Position.Sequence);
    }
}
