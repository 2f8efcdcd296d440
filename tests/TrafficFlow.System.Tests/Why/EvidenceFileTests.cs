using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Why;
using TrafficFlow.Roadside.Evidence;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Synthetic;
using TrafficFlow.Wire.OutboxEntries;
using Xunit;

namespace TrafficFlow.SystemTests.Why;

public sealed class EvidenceFileTests : IDisposable
{
    private static readonly CameraId s_camera = new("cam1");
    private static readonly DateTimeOffset s_start = new(2026, 4, 1, 8, 0, 0, TimeSpan.Zero);

    private readonly SettingsFolder _folder = new();

    private string Path => EvidenceFile.PathIn(_folder.Path);

    [Fact]
    public void What_is_written_is_found_with_the_coverage_that_came_later_and_written_again_it_is_the_same()
    {
        var file = File(new EvidenceSettings());
        file.Write([Kept(Vehicle(1, 3))]);
        Assert.Null(Found(1)!.Watched);

        file.Write([Kept(new CountedEntry(new CoverageEntry(2, new Coverage(s_camera, s_start, s_start.AddSeconds(5), 50, 2, WatchState.Degraded)), null))]);
        file.Write([Kept(Vehicle(3, 7))]);

        Assert.Equal(new WatchedPart(s_start, s_start.AddSeconds(5), "degraded", 50, 2), Found(1)!.Watched);
        // One that is given out late, after the coverage of its time.
        file.Write([Kept(Vehicle(4, 4))]);
        Assert.Equal("degraded", Found(4)!.Watched?.State);
        Assert.Null(Found(3)!.Watched);
        Assert.Equal(("a", "entering", 3.0), (Found(1)!.Site, Found(1)!.Counted[0].Movement, (Found(1)!.Counted[0].Time - s_start).TotalSeconds));
        file.Write([Kept(Vehicle(1, 3))]);
        Assert.Equal("in", Found(1)!.Crossing!.Gate);
    }

    [Fact]
    public void It_is_bounded_by_days_and_by_entries_and_says_when_something_is_kept_no_more()
    {
        var time = new HandClock();
        var file = File(new EvidenceSettings { Keep = TimeSpan.FromDays(7), MaxEntries = 3 }, time);
        foreach (var sequence in Enumerable.Range(1, 5))
        {
            file.Write([Kept(Vehicle(sequence, sequence))]);
            time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.Equal([3, 4, 5], Enumerable.Range(1, 5).Where(s => Found(s) is not null));
        var (_, problem, remedy) = EvidenceReader.Find(Path, Id(1));
        Assert.Equal("the evidence of cam1/7/1 is kept no more, or it was no vehicle: the oldest of cam1 is cam1/7/3", problem);
        Assert.Contains("evidence.keep", remedy);

        time.Advance(TimeSpan.FromDays(8));
        file.Write([Kept(Vehicle(6, 6))]);
        Assert.Equal([6], Enumerable.Range(1, 6).Where(s => Found(s) is not null));
    }

    [Fact]
    public void What_is_not_there_is_told_with_what_is()
    {
        Assert.Contains("keeps no evidence", EvidenceReader.Find(Path, Id(1)).Problem);
        File(new EvidenceSettings()).Write([Kept(Vehicle(4, 1), Vehicle(9, 2))]);

        Assert.Contains("cam1/7/9, cam1/7/4", EvidenceReader.Find(Path, Id(8)).Remedy);
        var (_, problem, remedy) = EvidenceReader.Find(Path, Id(1) with { Camera = new CameraId("cam2") });
        Assert.Equal("no evidence of a camera cam2 is kept here", problem);
        Assert.Contains("there is of cam1", remedy);
    }

    [Fact]
    public void A_damaged_file_is_said_to_be_and_so_is_that_it_works_again()
    {
        System.IO.File.WriteAllText(Path, new string('x', 5000));
        var file = File(new EvidenceSettings());

        var failure = Assert.Throws<EvidenceException>(() => file.Write([Kept(Vehicle(1, 1))]));

        Assert.Contains("is damaged", failure.Message);
        Assert.Contains("move it away", failure.Message);
        Assert.Equal(failure.Message, file.Problem);
        Assert.Contains("cannot be read", EvidenceReader.Find(Path, Id(1)).Problem);
        System.IO.File.Delete(Path);
        file.Write([Kept(Vehicle(1, 1))]);
        Assert.Empty(file.Problem);
    }

    [Fact]
    public void On_a_disk_that_fills_up_it_is_the_first_to_give_way_and_goes_on_when_there_is_space_again()
    {
        var free = 500L;
        var file = new EvidenceFile(Path, new EvidenceSettings(), () => [], TimeProvider.System) { FreeBytes = () => free, LeastFree = 400 };
        file.Write([Kept(Vehicle(1, 1))]);
        free = 399;

        var failure = Assert.Throws<EvidenceException>(() => file.Write([Kept(Vehicle(2, 2))]));

        Assert.Contains("it is left to the counts: free space", failure.Message);
        Assert.Equal(failure.Message, file.Problem);
        Assert.Null(Found(2));
        free = 400;
        file.Write([Kept(Vehicle(3, 3))]);
        Assert.Empty(file.Problem);
        Assert.NotNull(Found(3));
    }

    [Fact]
    public async Task What_must_be_gone_is_told_before_it_goes_and_stays_where_that_is_refused()
    {
        var file = new EvidenceFile(Path, new EvidenceSettings(), () => [], TimeProvider.System) { Over = () => [(new SiteId("a"), s_start.AddSeconds(5))] };
        file.Write([Kept(Vehicle(1, 1), Vehicle(2, 2), Vehicle(3, 7))]);

        Assert.Equal(0, await file.RetireAsync(count => Task.FromResult(count != 2)));
        Assert.NotNull(Found(1));
        Assert.Equal(2, await file.RetireAsync(count => Task.FromResult(count == 2 && Found(1) is not null)));
        Assert.Equal((true, true, false), (Found(1) is null, Found(2) is null, Found(3) is null));
        Assert.Equal(0, await file.RetireAsync(_ => throw new InvalidOperationException("nothing is over")));
    }

    [Fact]
    public void A_later_version_may_write_more_and_an_earlier_one_less()
    {
        var later = EvidenceDocument.Read("""{"id":"cam1/7/1","site":"a","moon":{"phase":3},"crossing":{"gate":"in","direction":"forward","track":4,"time":"2026-04-01T08:00:00+00:00","reasons":["ByMoon"]}}""")!;

        var rows = WhyTable.Rows(later).ToList();

        Assert.Contains(rows, r => r is { About: "decided", What: "ByMoon", Value: "ByMoon: of a newer version" });
        Assert.All(rows, r => Assert.NotEqual("", r.Value.ToString()));
        Assert.Contains(rows, r => r.What == "before the line" && r.Value.ToString()!.StartsWith("not known", StringComparison.Ordinal));
        Assert.Null(EvidenceDocument.Read("{ half"));
    }

    private EvidenceFile File(EvidenceSettings settings, TimeProvider? time = null) => new(Path, settings, () => [], time ?? TimeProvider.System);

    private EvidenceDocument? Found(long sequence) => EvidenceReader.Find(Path, Id(sequence)).Document;

    private static EntryId Id(long sequence) => new(s_camera, new LogPosition(7, sequence));

    private static KeepEvidence Kept(params CountedEntry[] entries) => new(new SiteId("a"), s_camera, 7, new Provenance("0123456789abcdef", "motion", "2", "none"), entries);

    private static CountedEntry Vehicle(long sequence, double seconds)
    {
        var crossing = new Crossing(s_camera, new GateId("in"), CrossingDirection.Forward, sequence, s_start.AddSeconds(seconds), VehicleClass.PassengerCar, VehicleSize.Small, 40, 0.9);
        return new CountedEntry(
            new VehicleEntry(sequence, new CountedVehicle(s_camera, new ApproachId("north"), Movement.Entering, crossing.Time, crossing.Class, crossing.Size, 40)), new CrossingCounted(crossing));
    }

    public void Dispose() => _folder.Dispose();
}
