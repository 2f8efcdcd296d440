using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Analysis.Signals;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Tests.Analysis.Studies;
using TrafficFlow.Node;
using TrafficFlow.Node.Analyse;
using TrafficFlow.Server.Tables;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Analysis;

/// <summary>Studies from a server's real tables: read, made each week, and by the verb.</summary>
[Collection(ProcessesCollection.Name)]
public sealed class StudyOfTablesTests : IDisposable
{
    /// <summary>A Wednesday.</summary>
    private static readonly DateTimeOffset s_morning = new(2026, 4, 8, 7, 0, 0, TimeSpan.FromHours(9));

    private readonly SettingsFolder _folder = new();

    private static Site Site => SyntheticJunction.Site;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private SqliteJournal Journal => new(Path.Combine(_folder.Path, "journal.db"));

    [Fact]
    public async Task A_record_is_what_the_tables_hold_and_what_was_not_watched_is_no_zero()
    {
        var record = Junction().Record((QueuedJunction.East, 1800, 2700));
        await WriteAsync(record, (approach, minute) => approach == QueuedJunction.West && minute >= s_morning.AddMinutes(30) && minute < s_morning.AddMinutes(40));

        var read = await ReadAsync(record.Span);

        Assert.Equal(record.Journeys.Length, read.Journeys.Length);
        Assert.Equal("abc", Assert.Single(read.Provenance).Calibration);
        // The tables keep whole seconds; what is read lies in their middle.
        Assert.All(read.Journeys.Zip(record.Journeys, (r, w) => (r.LastSeenAt - w.LastSeenAt).TotalSeconds), late => Assert.InRange(late, -0.5, 0.5));
        Assert.Equal(new Interval(s_morning.AddMinutes(30), s_morning.AddMinutes(45)), Missing(read.Find(QueuedJunction.East)!));
        Assert.Equal(new Interval(s_morning.AddMinutes(30), s_morning.AddMinutes(40)), Missing(read.Find(QueuedJunction.West)!));
        Assert.Equal(record.Find(QueuedJunction.North)!.Queues.Sum(q => q.Sums.VehicleSeconds), read.Find(QueuedJunction.North)!.Queues.Sum(q => q.Sums.VehicleSeconds));
        // 50 m before the gate they are first seen, those who come freely.
        Assert.InRange(read.Find(QueuedJunction.West)!.SeenMetres!.Value, 35, 60);
        Assert.Equal(TimeSpan.FromMinutes(10), read.Cameras.Single(c => c.Feeds.Contains(QueuedJunction.West)).Degraded.Total);

        Interval Missing(ApproachRecord approach)
        {
            Assert.Equal(2, approach.Watched.Intervals.Length);
            return new Interval(approach.Watched.Intervals[0].To, approach.Watched.Intervals[1].From);
        }
    }

    [Fact]
    public async Task Vehicles_that_nobody_followed_give_no_study_but_a_reason()
    {
        var record = Junction().Record();
        await WriteAsync(record, withJourneys: false);

        Assert.Contains("none was followed over the junction", (await Assert.ThrowsAsync<JobFailedException>(() => ReadAsync(record.Span))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_study_of_a_week_is_made_once_by_whichever_server_and_stands_on_the_shelf()
    {
        await WriteAsync(Junction().Record());
        var clock = new Web.Reports.CountedReportFixture.Stopped(new DateTimeOffset(2026, 4, 13, 3, 59, 0, TimeSpan.FromHours(9)));
        var (first, second) = (Runner(clock), Runner(clock));

        // On Monday at 4; before that nothing, and the weeks before have counted nobody.
        Assert.Equal(0, await first.MakeDueAsync(Cancellation));
        clock.Now = clock.Now.AddMinutes(1);
        Assert.Equal(1, await first.MakeDueAsync(Cancellation));
        Assert.Equal(0, await first.MakeDueAsync(Cancellation));
        Assert.Equal(0, await second.MakeDueAsync(Cancellation));
        clock.Now = clock.Now.AddDays(7);
        Assert.Equal(0, await second.MakeDueAsync(Cancellation));

        var kept = Assert.Single(first.Shelf.List(Site.Id));
        Assert.Equal("demo-20260405T150000Z_20260412T150000Z.study.json", kept.Name.File);
        var study = first.Shelf.Read(kept.Name)!;
        Assert.Equal(SignalSource.Inferred, study.Signals.Source);
        Assert.Equal(70, Assert.Single(study.Signals.Inferred.Plans).CycleSeconds.Value, 0.5);
        Assert.Single(study.Proposals);
        Assert.Contains(study.Unsaid, u => u.Kind == UnsaidKind.NotWatched && u.Span!.Value.Length > TimeSpan.FromDays(2));
        Assert.Null(first.Problem);
    }

    [Fact]
    public async Task A_shelf_that_cannot_be_written_is_told_and_the_study_is_made_when_it_can()
    {
        await WriteAsync(Junction().Record());
        var clock = new Web.Reports.CountedReportFixture.Stopped(new DateTimeOffset(2026, 4, 13, 5, 0, 0, TimeSpan.FromHours(9)));
        var runner = Runner(clock);
        // A file where the folder would be.
        File.WriteAllText(Path.Combine(_folder.Path, "studies"), "");

        Assert.Equal(0, await runner.MakeDueAsync(Cancellation));
        Assert.Contains("cannot be written", runner.Problem, StringComparison.Ordinal);

        File.Delete(Path.Combine(_folder.Path, "studies"));
        Assert.Equal(1, await runner.MakeDueAsync(Cancellation));
        Assert.Null(runner.Problem);
    }

    [Fact]
    public async Task The_verb_explains_a_study_and_writes_it()
    {
        await WriteAsync(Junction().Record());
        var config = _folder.Write("server.conf", $$"""
            trafficflow.node {
              roles = [server]
              sites = ["{{Path.Combine(SharedFiles.Repository, "hocon", "sites", "demo.conf")}}"]
              data-directory = "."
            }
            """);

        var ended = await TrafficflowProcess.RunAsync("analyse", "--site", "demo", "--from", "2026-04-08T07:00", "--to", "2026-04-08T08:00", "--config", config, "--no-simulator", "--out", _folder.Path);

        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        foreach (var said in new[] { "inferred from discharge", "cycle 70.", "What would help", "proposed", "What cannot be said", "saturation flow is the worksheet's" }) Assert.Contains(said, ended.Output, StringComparison.Ordinal);
        Assert.Equal("demo", StudyFile.Read(Path.Combine(_folder.Path, "study.json")).Subject.Site.Value);
        var again = await TrafficflowProcess.RunAsync("analyse", "--site", "demo", "--from", "2026-04-08", "--config", config, "--out", _folder.Path);
        Assert.Equal(ExitCodes.BadUsage, again.Code);
        Assert.Contains("is there already", again.Error, StringComparison.Ordinal);

        // Once more in another language, from the study alone.
        var papers = Directory.CreateDirectory(Path.Combine(_folder.Path, "ja")).FullName;
        var made = Path.Combine(_folder.Path, "study.json");
        var japanese = await TrafficflowProcess.RunAsync("analyse", "--study", made, "--language", "ja", "--out", papers);
        Assert.True(japanese.Code == ExitCodes.Done, japanese.Error);
        Assert.Contains("改善案", japanese.Output, StringComparison.Ordinal);
        Assert.Equal(["report.html", "report.pdf"], Directory.GetFiles(papers).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var both = await TrafficflowProcess.RunAsync("analyse", "--study", made, "--site", "demo", "--config", config);
        Assert.Equal(ExitCodes.BadUsage, both.Code);
        Assert.Contains("leave out what a new study would be made of", both.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Solvers_search_the_greens_too_and_one_that_nobody_knows_is_refused_before_anything_is_read()
    {
        await WriteAsync(Junction().Record());
        var config = _folder.Write("server.conf", $$"""
            trafficflow.node {
              roles = [server]
              sites = ["{{Path.Combine(SharedFiles.Repository, "hocon", "sites", "demo.conf")}}"]
              data-directory = "."
            }
            """);
        string[] asked = ["analyse", "--site", "demo", "--from", "2026-04-08T07:00", "--to", "2026-04-08T08:00", "--config", config, "--no-simulator"];

        var unknown = await TrafficflowProcess.RunAsync([.. asked, "--solver", "aneealing"]);
        Assert.Equal(ExitCodes.BadUsage, unknown.Code);
        Assert.Contains("did you mean annealing?", unknown.Error, StringComparison.Ordinal);

        var ended = await TrafficflowProcess.RunAsync([.. asked, "--solver", "annealing", "--solver", "tabu", "--out", _folder.Path]);
        Assert.True(ended.Code == ExitCodes.Done, ended.Error);
        var proposal = Assert.Single(StudyFile.Read(Path.Combine(_folder.Path, "study.json")).Proposals);
        Assert.Equal(["simulated annealing", "tabu search"], proposal.Solvers.Select(s => s.Solver));
        Assert.All(proposal.Solvers, s => Assert.True(s is { IsExact: true, Problem: null, Energy: not null } && s.Energy >= s.BestKnown - 1e-6, $"{s}"));
    }

    [Fact]
    public async Task The_pages_shelf_lists_reads_and_sends_what_is_kept_and_tells_a_cut_file_from_none()
    {
        await WriteAsync(Junction().Record());
        var runner = Runner(new Web.Reports.CountedReportFixture.Stopped(new DateTimeOffset(2026, 4, 13, 5, 0, 0, TimeSpan.FromHours(9))));
        Assert.Equal(1, await runner.MakeDueAsync(Cancellation));
        var shelf = new ShelvedStudies(runner.Shelf);

        var listed = Assert.Single(await shelf.ListAsync(Site.Id, Cancellation));
        Assert.Equal(listed.Span, (await shelf.ReadAsync(Site.Id, listed.Id, Cancellation))!.Subject.Span);
        await using (var sent = await shelf.OpenAsync(Site.Id, listed.Id, Cancellation)) Assert.Equal(listed.Span, StudyFile.Read(sent!, "sent").Subject.Span);
        Assert.Null(await shelf.ReadAsync(Site.Id, "../../etc/passwd", Cancellation));
        Assert.Null(await shelf.ReadAsync(new SiteId("other"), listed.Id, Cancellation));
        Assert.Empty(await shelf.ListAsync(new SiteId("other"), Cancellation));

        var file = Assert.Single(Directory.GetFiles(_folder.Path, "*.study.json", SearchOption.AllDirectories));
        await using (var cut = new FileStream(file, FileMode.Open)) cut.SetLength(cut.Length / 2);
        await Assert.ThrowsAsync<InvalidDataException>(() => shelf.ReadAsync(Site.Id, listed.Id, Cancellation));
    }

    private static QueuedJunction Junction() =>
        new QueuedJunction(21, s_morning, 3600, new RunningPlan(0, 20, 40)).Add(QueuedJunction.North, _ => 480).Add(QueuedJunction.East, _ => 220).Add(QueuedJunction.South, _ => 480).Add(QueuedJunction.West, _ => 220);

    private async Task WriteAsync(JunctionRecord record, Func<ApproachId, DateTimeOffset, bool>? isDegraded = null, bool withJourneys = true)
    {
        var tables = new FlowTables(Journal);
        await tables.MigrateAsync(Cancellation);
        await StudiedTables.WriteAsync(tables, Site, record, isDegraded, withJourneys);
    }

    private Task<JunctionRecord> ReadAsync(Interval span) => RecordReader.ReadAsync(ReadTables.Flows(Journal), ReadTables.Journeys(Journal), Site, span, Cancellation);

    private StudyRunner Runner(TimeProvider clock) => new(
        new AnalysisSettings([], AnalysisSettings.AtUsually, CongestionProfile.JarticOrdinary, Simulates: false, TimeSpan.FromDays(36_500), Path.Combine(_folder.Path, "studies")), () => [Site], TimeSpan.FromMinutes(2),
        () => ReadTables.Flows(Journal), () => ReadTables.Journeys(Journal), new FeedPlaces(Journal), NullLogger<StudyRunner>.Instance, clock);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }
}
