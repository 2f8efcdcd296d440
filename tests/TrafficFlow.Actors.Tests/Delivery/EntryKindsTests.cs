using Akka.Event;
using Google.Protobuf;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras.Storing;
using TrafficFlow.Roadside.Outbox;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using static TrafficFlow.Actors.Tests.Support.Counts;
using Proto = TrafficFlow.Wire.Proto;

namespace TrafficFlow.Actors.Tests.Delivery;

/// <summary>Kinds of entries beside vehicles and coverage: journeys, and what only a newer version knows.</summary>
public sealed class EntryKindsTests
{
    private static readonly ApproachId Later = new("_later");

    private static readonly Journey Journey = new(7, TestSites.North, null, At(3), null, VehicleClass.Bus, 0.9)
    {
        Colour = VehicleColour.Red,
        FirstSeenAt = At(1),
        LastSeenAt = At(9),
        EnterSpeedKmh = 31.5,
        DistanceMetres = 44,
        Stops = 2,
        Cameras = 3,
    };

    [Fact]
    public void A_journey_survives_the_wire()
    {
        var entry = new JourneyEntry(4, Cam1, Journey);

        Assert.Equal(Structure.Text(entry), Structure.Text(LogWire.Read(LogWire.Write(entry))));
    }

    [Fact]
    public void An_entry_of_a_newer_version_is_passed_on_as_it_is()
    {
        var content = Content(4);

        var entry = Assert.IsType<UnknownEntry>(LogWire.Read(Proto.Entry.Parser.ParseFrom(content)));

        Assert.Equal((4, Cam1, Later), (entry.Sequence, entry.Camera, entry.For));
        Assert.Equal(content, LogWire.Write(entry).ToByteArray());
    }

    [Fact]
    public void Each_consumer_gets_its_kinds_and_none_waits_for_another()
    {
        var (state, _) = Stored([Car(1, 1), new JourneyEntry(2, Cam1, Journey), Unknown(3), Watched(4, 0, 5)]);

        Assert.Equal([1, 4], Next(state, TestSites.North));
        Assert.Equal([2], Next(state, ApproachId.Journeys));
        Assert.Equal([3, 4], Next(state, Later));
    }

    [Fact]
    public void What_one_consumer_does_not_accept_waits_and_the_others_go_on()
    {
        var (state, journal) = Stored([Car(1, 1), new JourneyEntry(2, Cam1, Journey), Watched(3, 0, 5)]);
        foreach (var approach in new[] { TestSites.North, Later }) state = state.Apply(new Accepted(Cam1, approach, 1, 3));

        Assert.Equal(3, state.Pending);
        state = state.Apply(new EntriesStored(1, [Car(4, 6), Watched(5, 5, 10)]), journal + 1);
        Assert.Equal([4, 5], Next(state, TestSites.North));
        Assert.Equal([2], Next(state, ApproachId.Journeys));
        Assert.Equal(0, state.Apply(new Accepted(Cam1, ApproachId.Journeys, 1, 5)).Apply(new Accepted(Cam1, TestSites.North, 1, 5)).Apply(new Accepted(Cam1, Later, 1, 5)).Pending);
    }

    [Fact]
    public void A_receiver_takes_what_comes_before_an_entry_that_it_does_not_know()
    {
        var filter = new UnknownEntryFilter(NoLogger.Instance);
        var batch = Batch(Cam1, 1, Car(1, 1), Unknown(3), Car(4, 2));

        Assert.Equal((2, 1), (filter.Apply(batch).UpToSequence, filter.Apply(batch).Entries.Count));
        var whole = Batch(Cam1, 1, Car(1, 1), new JourneyEntry(2, Cam1, Journey));
        Assert.Same(whole, filter.Apply(whole));
    }

    [Fact]
    public void A_recording_that_was_begun_without_journeys_keeps_its_numbers()
    {
        var entries = new UnacknowledgedEntries();
        entries.Add(((VehicleEntry)Car(1, 1)).Vehicle);
        entries.Add(Cam1, Journey);
        entries.Add(((CoverageEntry)Watched(1, 0, 5)).Coverage);

        entries.LeaveOutJourneys();
        entries.Add(Cam1, Journey);
        entries.Add(((VehicleEntry)Car(1, 6)).Vehicle);

        Assert.Equal([(1, "VehicleEntry"), (2, "CoverageEntry"), (3, "VehicleEntry")], entries.Oldest().Select(e => ((int)e.Sequence, e.GetType().Name)));
    }

    /// <summary>With a field of a number that nobody has used.</summary>
    private static byte[] Content(long sequence) =>
        [.. new Proto.Entry { Sequence = sequence, Camera = Cam1.Value, Approach = Later.Value }.ToByteArray(), (15 << 3) | 2, 3, 1, 2, 3];

    private static OutboxEntry Unknown(long sequence) => LogWire.Read(Proto.Entry.Parser.ParseFrom(Content(sequence)));

    private static (OutboxState State, long Journal) Stored(OutboxEntry[] entries)
    {
        var state = OutboxState.Empty.Apply(new EpochOpened(1, "run", TestSites.Motion, [TestSites.North, ApproachId.Journeys, Later]), 1);
        return (state.Apply(new EntriesStored(1, entries), 2), 2);
    }

    private static IEnumerable<long> Next(OutboxState state, ApproachId approach) => state.NextFor(approach, 100)!.Value.Entries.Select(e => e.Sequence);
}
