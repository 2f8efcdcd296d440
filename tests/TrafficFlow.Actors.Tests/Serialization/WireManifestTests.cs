using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Incidents;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Scene;
using TrafficFlow.Roadside;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Cameras;
using TrafficFlow.Wire.Commands;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Health;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Persons;
using TrafficFlow.Wire.Recordings;
using TrafficFlow.Wire.Serialization;
using TrafficFlow.Wire.Topics;
using static TrafficFlow.Actors.Tests.Support.Counts;

namespace TrafficFlow.Actors.Tests.Serialization;

public sealed class WireManifestTests() : TestKit(TestConfig.Reference)
{
    private static readonly OutboxEntry[] Entries = [Car(1, 1), new VehicleEntry(2, ((VehicleEntry)Car(2, 2)).Vehicle with { SpeedKmh = null }), Watched(3, 0, 5)];

    private static readonly EpochOpened Epoch = new(3, "live-1", TestSites.Motion, [TestSites.North, TestSites.South]);

    private static readonly CameraStatus Camera = new(
        TestSites.Kokandori, Cam1, CameraState.BackingOff, "Silent: no frame for 5 s", 100, 3, 9.5, 2, At(5), 4, 7, "disk full", SceneState.Moved, "the camera has moved");

    private static readonly FlowBin Bin = new(
        new BinKey(TestSites.Kokandori, TestSites.North, BinDuration.QuarterHour, At(0)),
        At(900),
        TimeSpan.FromSeconds(899.9),
        BinQuality.Complete,
        2,
        [new FlowRow(Movement.To(TestSites.South), VehicleClass.Bus, new FlowSums(3, 1, 2, 2, 80, 0.05))],
        [new BinSource(Cam1, TestSites.Motion)]);

    private static readonly Principal Anna = new("anna", "unix:trafficflow");

    private static readonly NodeReport Report = new(
        "akka.tcp://trafficflow@10.0.0.2:4053", ["roadside"], "0.1.0", At(5), TimeSpan.FromSeconds(-1.5), [new DiskReport("/var/lib/trafficflow", 5_000_000_000, 9_000_000_000)],
        [TestSites.Kokandori], [new CameraReport(Camera, "default", WatchState.Degraded, new OutboxReport(3, 1)), new CameraReport(Camera, "motion", null, null)], "its cameras are slow")
    {
        Protection = [new ProtectionReport(TestSites.Kokandori, ProtectionKind.Disk, "/data", false, "not encrypted"), new ProtectionReport(TestSites.Kokandori, ProtectionKind.Link, "cam1", null, "no name")],
        Due = [new DueReport("copy/pole/copy-1/2026-12-15/overdue", "a copy 複製", "destroy it\n")],
    };

    internal static readonly IWireMessage[] Samples =
    [
        new DeliveryBatch(TestSites.Kokandori, Cam1, TestSites.North, 2, 9, TestSites.Motion, Entries, new LogPosition(2, 6)),
        new Accepted(Cam1, TestSites.North, 2, 9),
        new Behind(Cam1, TestSites.North, new LogPosition(1, 4)),
        Epoch,
        new EntriesStored(2, Entries),
        new EntriesDropped(new LogPosition(2, 9), At(3)),
        new DeliveryAcknowledged(new LogPosition(2, 9), [Epoch], [new AcceptedUpTo(TestSites.North, new LogPosition(2, 8), new LogPosition(2, 7))], 5, At(3)),
        new BatchCounted(Cam1, new LogPosition(2, 9), TestSites.Motion, Entries, At(60), null, At(61), new LogPosition(2, 6)),
        new LatenessPassed(At(60), At(-60), At(180)),
        new FeedsChanged(At(60), [Cam1, Cam2]),
        new RevisionsDue(At(60), At(180)),
        new QuarantineResolved(Cam1, 2, QuarantineAction.Release, TimeSpan.FromHours(-2), At(60), At(-60), At(61)),
        new CameraRepaired(Cam1, new LogPosition(2, 9), At(360), At(60), At(-60), At(61)),
        new GetCountedEpochs(TestSites.Kokandori, TestSites.North),
        new CountedEpochs(
            TestSites.Kokandori, TestSites.North, At(60),
            [new CountedCamera(Cam1, At(59), new LogPosition(2, 9), [new CountedRun(2, 9, 3, 5, 9, At(0), At(60), At(1), At(61)), new CountedRun(3, 1, 0, 0, 0, null, null, null, null)])]),
        new RepairCamera(TestSites.Kokandori, TestSites.North, Cam1, new LogPosition(2, 9)),
        new RepairAnswer(TestSites.Kokandori, TestSites.North, new LogPosition(2, 9), "nothing was done"),
        new GetQuarantine(TestSites.Kokandori, TestSites.North),
        new Quarantine(TestSites.Kokandori, TestSites.North, [new QuarantinedRun(Cam1, 2, 5, 9, At(0), At(60), TimeSpan.FromHours(2), At(61))]),
        new ResolveQuarantine(TestSites.Kokandori, TestSites.North, Cam1, 2, QuarantineAction.Discard, TimeSpan.FromHours(-2)),
        new QuarantineAnswer(TestSites.Kokandori, TestSites.North, 9, "nothing waits"),
        ApproachSnapshots.Take(ApproachState.Empty.Apply(
            new BatchCounted(Cam1, new LogPosition(2, 9), TestSites.Motion, Entries, At(60), null, At(61)), Setup(Cam1))),
        new CloseOpenBins(TestSites.Kokandori, TestSites.North),
        new OpenBinsClosed(TestSites.Kokandori, TestSites.North),
        new GetLatestBins(TestSites.Kokandori, TestSites.North),
        new GetApproachStatus(TestSites.Kokandori, TestSites.North),
        new GetFlowBins(TestSites.Kokandori, TestSites.North, BinDuration.Hour, At(0), At(3600)),
        new ApproachStatus(
            TestSites.Kokandori, TestSites.North, At(60), [new CameraProgress(Cam1, new LogPosition(1, 2), At(61), 60.5)],
            [new StreamTotal(new FlowStream(Movement.Entering, VehicleClass.Bus), 5_000_000_000)], 3, 9, 2, 0, "counts wait"),
        new FlowBins([Bin]),
        new FlowBinClosed(Bin, 7),
        new GetBinsAfter(TestSites.Kokandori, TestSites.North, 7, 100),
        new BinsAfter(TestSites.Kokandori, TestSites.North, [new ClosedBin(8, Bin, At(901))], 8, true, 9),
        new FlowBinsOpen(TestSites.Kokandori, TestSites.North, [Bin with { Revision = 0 }]),
        Ended,
        new GetJourneysAfter(TestSites.Kokandori, TopicPlace.From(At(3)), 100),
        new JourneysAfter(TestSites.Kokandori, TopicPlace.From(At(3)), [Ended with { Cursor = 7 }], new TopicPlace(9, new ReplayPlace(At(9), 7)), true, 9),
        Told,
        new ReportIncidents(TestSites.Kokandori, Cam1, 1_796_000_000_000, [Told.Incident]),
        new IncidentsTaken(TestSites.Kokandori, 1_796_000_000_000, [new IncidentRevision(7, 3)]),
        new GetIncidents(TestSites.Kokandori),
        new RecentIncidents(TestSites.Kokandori, [Told]),
        new GetCameraStatus(Cam1),
        Camera,
        new CameraStatuses([Camera, Camera with { LastFrame = null, State = CameraState.Failed, Junction = new JunctionHealth(9, 2, 1, 3, 0.25, true), Recording = new RecordingHealth(RecordingState.Troubled, "no vault", 3, 1800, 60) }]),
        new UnknownCamera(Cam1, [Cam2]),
        new ApproachNotFound(TestSites.Kokandori, TestSites.South, ["kokandori/north"]),
        new DeliveryReport(true, false, [Camera]),
        GetCameras.Instance,
        GetDelivery.Instance,
        AwaitDelivery.Instance,
        new IsMember("akka.tcp://trafficflow@10.0.0.1:4053", 7),
        new MemberKnown(true),
        new SiteCommand(TestSites.Kokandori, ["camera", "restart", "cam1"], Anna),
        new SiteCommandAnswer(new InspectionTables(InspectionTable.Of(
            "cameras", [new("camera"), new("rate", "frames/s", CellKind.Number), new("last frame", Kind: CellKind.Time)], [["cam1", 9.5, At(3)], ["cam2", -7L, null], ["cam3", true, null]], "a note"))),
        new CommandStarted(At(3), Anna, "camera restart cam1", "site kokandori"),
        new CommandEnded(At(4), 7, "done"),
        Report,
        new GetHealth(TestSites.Kokandori),
        new HealthOverview(At(9), [new KnownNode(Report, At(6))], TimeSpan.FromSeconds(20)),
        new HealthBoardSnapshot([new KnownNode(Report, At(6))]),
        new ListRecordings(Anna, TestSites.Kokandori, [Cam1], At(0), At(60), "cam1/x"),
        new RecordingsListed([Cam1, Cam2], [new ListedSegment(Cam1, "20261130T012345.678Z", SegmentStanding.Erased, At(0), At(60), 4096, 600, 2, "r-1", "accident", At(3600)), new ListedSegment(Cam2, "x", SegmentStanding.Whole, At(0), At(60), 1, 1, 0)], "cam2/x"),
        new TellDismissals([new DismissedPerson("taro", "操作 太郎", At(3), "anna", "account[custodian]:anna")]),
        new DismissalsHeard([new DismissalHeard("taro", DismissalOutcome.Held, "the last custodian")], "not now"),
        new DescribeVault(Anna),
        new VaultDescribed(
            VaultKeyState.Open, "full", "m1", At(0), 7, 8, 9, -1, 1,
            [new HoldLine("hold-1", Kokandori, "accident", "anna", At(1), At(9), At(5)), new HoldLine("hold-2", new RecordingScope(), "all", "bert", At(1), At(9), null)],
            [new CopyLine("copy-1", "bundle", Kokandori, At(1), "anna", "disk 1", At(9), At(5), "wiped")],
            [new BundleLine("b-1", Kokandori, "server", At(1), "anna", "copy-1", [new VolumeLine(1, "written", 3)], [new HeightsLine(new Core.Sites.SiteId("kokandori"), new Core.Sites.CameraId("cam1"), 640, 360, 3.25, null, "unknown", 3, 1)])],
            [new ReceiptLine("r-1", Kokandori, "request q1", "anna", At(7), 2, "changed")]),
        new OrderVault(Anna, VaultOrder.Hold, Kokandori, [Cam1, Cam2], "hold-1", "accident", At(9), "a1 at server"),
        new VaultOrdered(VaultOrderOutcome.Waits, ["a line"], ["r-1"]),
        new GetReceipt(Anna, "r-1"),
        new ReceiptFound("r-1", [1, 2, 3], [4, 5]),
        new OpenRecording(Anna, TestSites.Kokandori, Cam1, "20261130T012345.678Z", [1, 2]),
        new RecordingOpened("p1", [1], [2], [3], 99, true, At(0), At(60)),
        new ReadRecording("p1", 8, 8),
        new RecordingChunks(8, [1, 2, 3]),
        new EndRecording("p1"),
        new RecordingsRefused(RecordingsRefusal.NotNow, "it is locked"),
        new DescribeKeeping(Anna),
        new KeepingDescribed(
            "roadside", "0a1b-2c3d", 2, true, true, [new KeyWayLine("s1", KeyWayKind.Shares, "custodians", At(0), 2, 3, At(7)), new KeyWayLine("s2", KeyWayKind.Credential, "unit", At(0), 0, 0, null)],
            DiskShield.Encrypted, "dm-crypt", [new SwapLine("/dev/sda3", DiskShield.NotEncrypted)], At(1), At(9), [new TrustedLine("server", "4e5f", "anna", At(1), At(9))], [new TakenInLine("trafficflow-b-1", "b", 1, "server", At(2), -1)],
            [new VaultTaskLine("t1", VaultTask.Import, "/mnt/disk", "anna", At(1), At(2), VaultOrderOutcome.Failed, ["a line"], 3, 4)], At(9), "it went ahead",
            [new KeepRuleLine(TestSites.Kokandori, KeptKind.Counts, TimeSpan.FromDays(30), new DateOnly(2027, 3, 31), At(5)), new KeepRuleLine(TestSites.Kokandori, KeptKind.Audit, null, null, null)],
            [new EndLine("e1", TestSites.Kokandori, "it is over", "anna", At(1), At(2), 7, [new BilingualText("残", "left")], ["e1.report"]), new EndLine("e2", null, "all", "bert", At(1), null, 0, [], [])], true, true),
        new BeginVaultTask(Anna, VaultTask.Confirm, Kokandori, "b-1", 2, "/mnt/disk", "server", 32_000_000_000, At(9), "by the radio clock", [1, 2], true, "a1 at server"),
        new GetVaultFile(Anna, VaultFileKind.Confirmation, "trafficflow-b-1"),
        new VaultFileFound("trafficflow-b-1", [1, 2]),
    ];

    private static RecordingScope Kokandori => new(TestSites.Kokandori, Cam1, At(0), At(60));

    private static IncidentTold Told => new(
        TestSites.Kokandori,
        1_796_000_000_000,
        new Incident(7, 3, IncidentKind.BlockedLane, IncidentArea.Exit, TestSites.South, At(3), At(30), 0.75)
        {
            State = IncidentState.NoLongerSeen,
            EndedAt = At(29),
            MetresFromGate = 31.5,
            LateralMetres = -1.5,
            Passed = 4,
            Expected = 12.5,
        },
        At(31));

    private static JourneyEnded Ended => new(
        TestSites.Kokandori,
        new Journey(7, TestSites.North, null, At(3), null, VehicleClass.Bus, 0.9)
        {
            Colour = VehicleColour.Red,
            ColourConfidence = 0.8,
            FirstSeenAt = At(1),
            LastSeenAt = At(9),
            EnterSpeedKmh = 31.5,
            SpeedErrorKmh = 1.5,
            DistanceMetres = 44,
            Stops = 2,
            StoppedSeconds = 12.5,
            DelaySeconds = 20,
            LateralMetres = -1.75,
            QueuedAt = At(2),
            QueuedMetres = 18.5,
            Cameras = 3,
        },
        TestSites.Motion,
        Cursor: 6)
    { Epoch = 4 };

    [Fact]
    public void Every_line_of_the_table_has_a_sample_that_survives_the_wire()
    {
        Assert.Equal(WireManifest.Current.Select(l => l.Type.Name).Order(), Samples.Select(s => s.GetType().Name).Order());
        foreach (var sample in Samples)
        {
            var serializer = Assert.IsType<TrafficFlowSerializer>(Sys.Serialization.FindSerializerFor(sample));
            var back = serializer.FromBinary(serializer.ToBinary(sample), serializer.Manifest(sample));
            Assert.IsType(sample.GetType(), back);
            Assert.Equal(Structure.Text(sample), Structure.Text(back));
        }
    }

    [Fact]
    public void What_is_told_of_clocks_survives_the_wire()
    {
        IWireMessage[] told =
        [
            new DeliveryBatch(TestSites.Kokandori, Cam1, TestSites.North, 2, 9, TestSites.Motion, Entries, null, new ClockReading(At(1), TimeSpan.FromHours(-2))),
            new DeliveryBatch(TestSites.Kokandori, Cam1, TestSites.North, 2, 9, TestSites.Motion, Entries, null, new ClockReading(At(1), null)),
            Epoch with { Origin = new ClockOrigin("boot", TimeSpan.FromSeconds(100.5), At(3)) },
            new BatchCounted(
                Cam1, new LogPosition(2, 9), TestSites.Motion, [], null, null, At(61), null, Entries, TimeSpan.FromSeconds(3), TimeSpan.FromHours(2), Coalesces: true),
            new ApproachStatus(
                TestSites.Kokandori, TestSites.North, null, [new CameraProgress(Cam1, new LogPosition(1, 2), At(61), 60.5, TimeSpan.FromSeconds(-3))], [], 0, Quarantined: 7),
            new Quarantine(TestSites.Kokandori, TestSites.North, [new QuarantinedRun(Cam1, 2, 5, 9, At(0), At(60), null, At(61))]),
        ];
        foreach (var message in told) Assert.Equal(Structure.Text(message), Structure.Text(Back(message)));
    }

    [Fact]
    public void What_has_only_begun_and_what_is_certainly_not_done_survive_the_wire()
    {
        IWireMessage[] told =
        [
            new VaultOrdered(VaultOrderOutcome.Done, ["it has begun"], []) { Task = "t3" }, new VaultOrdered(VaultOrderOutcome.Failed, ["no audit"], []) { IsUndone = true },
            new RecordingsRefused(RecordingsRefusal.NotAllowed, "the role") { IsUndone = true },
        ];
        foreach (var message in told) Assert.Equal(Structure.Text(message), Structure.Text(Back(message)));
    }

    [Fact]
    public void Queues_survive_the_wire()
    {
        var coverage = ((CoverageEntry)Watched(3, 0, 5)).Coverage with { Queues = [new QueueReading(TestSites.North, At(0), new QueueSums(5, 61.5, 14.25, 9, 3))] };
        IWireMessage[] told =
        [
            new EntriesStored(2, [new CoverageEntry(3, coverage)]),
            new FlowBinClosed(Bin with { Queue = new QueueSums(900, 12_000.5, 44.5, 3000, 7) }, 7),
            ApproachSnapshots.Take(ApproachState.Empty with { Cells = MinuteCells.Empty.Add(At(0), new QueueSums(60, 61.5, 14.25, 9, 3)).Add(At(120), new QueueSums(60, 1, 2, 3, 4)) }),
        ];
        foreach (var message in told) Assert.Equal(Structure.Text(message), Structure.Text(Back(message)));
        Assert.Equal(coverage, ((CoverageEntry)((EntriesStored)Back(told[0])).Entries[0]).Coverage);
    }

    private object Back(IWireMessage message)
    {
        var serializer = (TrafficFlowSerializer)Sys.Serialization.FindSerializerFor(message);
        return serializer.FromBinary(serializer.ToBinary(message), serializer.Manifest(message));
    }

    /// <summary>Akka takes any one of the bindings that fit, another one in the next process.</summary>
    [Fact]
    public void No_message_has_two_serializers()
    {
        var bindings = Sys.Settings.Config.GetConfig("akka.actor.serialization-bindings").AsEnumerable()
            .Select(b => (Type: Type.GetType(b.Key), Serializer: b.Value.GetString())).Where(b => b.Type is not null && b.Type != typeof(object)).ToList();

        Assert.Contains(bindings, b => b.Type == typeof(IWireMessage));
        foreach (var line in WireManifest.All)
            Assert.All(bindings.Where(b => b.Type!.IsAssignableFrom(line.Type)), b => Assert.Equal("trafficflow", b.Serializer));
    }

    [Fact]
    public void Every_message_that_may_leave_the_process_has_a_line()
    {
        var marked = new[] { typeof(IWireMessage), typeof(RoadsideSettings), typeof(ServerSettings) }.SelectMany(t => t.Assembly.GetTypes())
            .Where(t => typeof(IWireMessage).IsAssignableFrom(t) && t is { IsAbstract: false, IsInterface: false });

        Assert.Equal(marked.OrderBy(t => t.FullName), WireManifest.Current.Select(l => l.Type).OrderBy(t => t.FullName));
    }

    [Fact]
    public void Types_and_manifests_are_unique_and_versioned()
    {
        var all = WireManifest.All.ToList();
        Assert.Equal(all.Count, all.Select(l => l.Manifest).Distinct().Count());
        Assert.All(all, l => Assert.Matches("^[a-z]+(-[a-z]+)*-v[0-9]+$", l.Manifest));
    }

    [Fact]
    public void Nothing_in_the_table_reaches_a_frame()
    {
        Assert.Contains(typeof(AnonymizedFrame), Reach(typeof(FrameRead)));
        foreach (var line in WireManifest.Current)
            Assert.DoesNotContain(Reach(line.Type), t => t == typeof(AnonymizedFrame) || t == typeof(CapturedFrame) || t == typeof(FramePool));
    }

    [Fact]
    public void What_is_not_in_the_table_is_refused_and_never_falls_back_to_json()
    {
        var serializer = new TrafficFlowSerializer((ExtendedActorSystem)Sys);

        Assert.Throws<SerializationException>(() => serializer.ToBinary(StopCameras.Instance));
        Assert.Throws<SerializationException>(() => serializer.FromBinary([], "flow-bin-closed-v99"));
        Assert.Throws<SerializationException>(() => serializer.FromBinary([255, 255, 255], "flow-bin-closed-v1"));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Serialize(StopCameras.Instance));
        using var frame = new AnonymizedFrame(new FramePool(12, 1), new byte[12], 2, 2, 0, At(0));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Serialize(frame));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Serialize(new[] { frame }));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Serialize(new List<AnonymizedFrame> { frame }));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Serialize((frame, 1)));
    }

    private static HashSet<Type> Reach(Type root)
    {
        var seen = new HashSet<Type>();
        var open = new Stack<Type>([root]);
        while (open.TryPop(out var type))
        {
            if (!seen.Add(type)) continue;
            foreach (var argument in type.GetGenericArguments()) open.Push(argument);
            if (type.GetElementType() is { } element) open.Push(element);
            if (type.Assembly.GetName().Name?.StartsWith("TrafficFlow", StringComparison.Ordinal) != true) continue;
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)) open.Push(field.FieldType);
            if (type is { IsAbstract: true })
                foreach (var derived in type.Assembly.GetTypes().Where(t => t.IsSubclassOf(type))) open.Push(derived);
        }

        return seen;
    }
}
