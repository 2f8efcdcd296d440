using System.Diagnostics;
using System.Text.Json;
using Parquet.Serialization;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Export;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Tables;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Export;

/// <summary>`export` on the tables of a server, which has them open.</summary>
public sealed class ExportJobTests(PostgresFixture fixture) : IClassFixture<PostgresFixture>, IDisposable
{
    private static readonly SiteId Site = new("a");
    private static readonly DateTimeOffset Midnight = new(2026, 4, 1, 0, 0, 0, TimeSpan.FromHours(9));
    private readonly SettingsFolder _folder = new();

    public static TheoryData<string> Databases => EmptyDatabases.Kinds;

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Yesterday_is_written_without_a_gap_and_what_is_missing_is_empty(string kind)
    {
        var (config, tables) = await ServerAsync(kind, "yesterday");
        var south = new ApproachId("south");
        // North: nobody in the first bin, a late bus in the second, the third is blind; south and everything else is missing.
        await tables.WriteAsync([Bin(1, 0, 1, 0), Bin(2, 1, 1, 3), Bin(3, 2, 1, 0, BinQuality.Blind), Bin(4, 1, 2, 4)], default);

        var text = await ExportAsync(config, "counts.csv");

        var lines = text.Split("\r\n");
        Assert.Equal("site,approach,movement,class,date,time,utc_offset,time_zone,start,end,start_utc,bin_min,count,small,large,speed_samples,space_mean_speed_kmh,time_mean_speed_kmh,quality,observed_s,coverage,revision,site_hash,model,model_version,calibration,queue_mean_m,queue_max_m,queue_mean_vehicles,queue_max_vehicles", lines[0]);
        Assert.Equal("", lines[^1]);
        Assert.DoesNotContain('\n', text.Replace("\r\n", "", StringComparison.Ordinal));
        // 96 bins of 6 classes: north has entering and to south, south has exiting.
        Assert.Equal(96 * 6 * 3, lines.Length - 2);
        Assert.Equal(
            [
                "a,north,entering,bus,2026-04-01,00:00,+09:00,Asia/Tokyo,2026-04-01T00:00:00+09:00,2026-04-01T00:15:00+09:00,2026-03-31T15:00:00Z,15,0,0,0,0,,,complete,900,1,1,0123456789abcdef,motion,1,none,0.1,41,0,1",
                "a,north,entering,bus,2026-04-01,00:15,+09:00,Asia/Tokyo,2026-04-01T00:15:00+09:00,2026-04-01T00:30:00+09:00,2026-03-31T15:15:00Z,15,4,0,4,4,33.3,33.3,complete,900,1,2,0123456789abcdef,motion,1,none,0.4,44,0.1,4",
                "a,north,entering,bus,2026-04-01,00:30,+09:00,Asia/Tokyo,2026-04-01T00:30:00+09:00,2026-04-01T00:45:00+09:00,2026-03-31T15:30:00Z,15,,,,,,,blind,0,0,1,0123456789abcdef,motion,1,none,,,,",
                "a,north,entering,bus,2026-04-01,00:45,+09:00,Asia/Tokyo,2026-04-01T00:45:00+09:00,2026-04-01T01:00:00+09:00,2026-03-31T15:45:00Z,15,,,,,,,missing,0,0,,,,,,,,,",
            ],
            lines.Where(l => l.StartsWith("a,north,entering,bus,", StringComparison.Ordinal)).Take(4));
        Assert.All(lines.Where(l => l.StartsWith($"a,{south},", StringComparison.Ordinal)), l => Assert.Contains(",missing,", l));
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Every_format_holds_the_same(string kind)
    {
        var (config, tables) = await ServerAsync(kind, "formats");
        await tables.WriteAsync([Bin(1, 0, 1, 0), Bin(2, 1, 1, 3)], default);

        var csv = (await ExportAsync(config, "rows.csv")).Split("\r\n")[1..^1];
        var json = JsonDocument.Parse(await ExportAsync(config, "rows.json", RowFormat.Json)).RootElement.EnumerateArray().ToList();
        await ExportAsync(config, "rows.parquet", RowFormat.Parquet);
        var parquet = (await ParquetSerializer.DeserializeAsync<FlowExportRow>(Path.Combine(_folder.Path, "rows.parquet"))).Data;

        Assert.Equal(csv.Length, json.Count);
        Assert.Equal(csv.Length, parquet.Count);
        var i = Array.FindIndex(csv, l => l.StartsWith("a,north,entering,bus,2026-04-01,00:15", StringComparison.Ordinal));
        Assert.Equal((3, "complete"), (json[i].GetProperty("count").GetInt32(), json[i].GetProperty("quality").GetString()));
        Assert.Equal((3, "complete", new DateTime(2026, 3, 31, 15, 15, 0)), (parquet[i].Count, parquet[i].Quality, parquet[i].StartUtc));
        var missing = Array.FindIndex(csv, l => l.Contains(",missing,", StringComparison.Ordinal));
        Assert.Equal(JsonValueKind.Null, json[missing].GetProperty("count").ValueKind);
        Assert.Null(parquet[missing].Count);
    }

    [Fact]
    public async Task Gates_of_no_approach_come_only_when_they_are_asked_for()
    {
        var (config, tables) = await ServerAsync("sqlite", "gates");
        var bin = Bin(1, 0, 1, 0);
        var gate = Movement.OfGate(new CameraId("cam1"), new GateId("line"), Core.Counting.CrossingDirection.Forward);
        await tables.WriteAsync(
            [bin with { Bin = bin.Bin with { Key = bin.Bin.Key with { Approach = ApproachId.Gates }, Rows = [new FlowRow(gate, VehicleClass.Bus, new FlowSums(2, 0, 2, 0, 0, 0))] } }], default);

        Assert.DoesNotContain("_gates", await ExportAsync(config, "without.csv"));
        Assert.Contains("a,_gates,cam1 line forward,bus,2026-04-01,00:00", await ExportAsync(config, "with.csv", withGates: true));
    }

    [Fact]
    public async Task What_cannot_be_exported_is_told_before_anything_is_written()
    {
        var (config, tables) = await ServerAsync("sqlite", "errors");
        await tables.WriteAsync([Bin(1, 0, 1, 0)], default);
        _folder.Write("there.csv", "mine");

        await RefusedAsync("did you mean a?", Job(config, site: "b"));
        await RefusedAsync("did you mean north?", Job(config, approach: "nroth"));
        await RefusedAsync("is there already", Job(config, output: "there.csv"));
        await RefusedAsync("lies in the future", Job(config, from: "2027-01-01"));
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "there.csv")));
        Assert.Contains("is its folder there", (await Assert.ThrowsAsync<JobFailedException>(() => Job(config, output: "no/where.csv").RunAsync(default))).Message);
    }

    [Fact]
    public async Task A_server_that_never_ran_is_told()
    {
        var config = Config("sqlite", "data-of-nobody", "");

        Assert.Contains("run yet?", (await Assert.ThrowsAsync<JobFailedException>(() => Job(config).RunAsync(default))).Message);
    }

    [Theory]
    [MemberData(nameof(Databases))]
    public async Task Thirty_days_take_seconds(string kind)
    {
        var (config, tables) = await ServerAsync(kind, "month");
        FlowRow[] rows = [.. from m in new[] { Movement.Entering, Movement.Exiting, Movement.To(new ApproachId("south")) } from c in VehicleClassNames.All select new FlowRow(m, c, new FlowSums(9, 4, 5, 9, 300, 0.27))];
        foreach (var approach in new[] { "north", "south" })
        {
            await tables.WriteAsync(
                [.. Enumerable.Range(0, 30 * 96).Select(i => Bin(i + 1, i, 1, 1)).Select(b => b with { Bin = b.Bin with { Key = b.Bin.Key with { Approach = new ApproachId(approach) }, Rows = [.. rows] } })], default);
        }

        var watch = Stopwatch.StartNew();
        await Job(config, output: "month.csv", from: "2026-04-01", to: "2026-04-30").RunAsync(default);

        TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {watch.Elapsed.TotalSeconds:0.00} s, {new FileInfo(Path.Combine(_folder.Path, "month.csv")).Length / 1e6:0.0} MB");
        Assert.Equal(1 + (2 * 3 * 6 * 30 * 96), File.ReadLines(Path.Combine(_folder.Path, "month.csv")).Count());
        // 4 s of one core; the rest is for a machine that others use too.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(60), $"took {watch.Elapsed}");
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static async Task RefusedAsync(string why, ExportJob job) =>
        Assert.Contains(why, (await Assert.ThrowsAsync<UsageException>(() => job.RunAsync(default))).Message);

    /// <summary>Of the n-th quarter of an hour of the day: so many buses enter, and one car goes south; nothing where the count is 0.</summary>
    private static ClosedBin Bin(long cursor, int quarter, int revision, int count, BinQuality quality = BinQuality.Complete)
    {
        var start = Midnight.AddMinutes(quarter * 15);
        return StoredBins.Closed(cursor, new Interval(start, start.AddMinutes(15)), revision, count, 15, StoredBins.North, quality, Site);
    }

    private async Task<string> ExportAsync(string config, string output, RowFormat format = RowFormat.Csv, bool withGates = false)
    {
        Assert.Equal(ExitCodes.Done, await Job(config, output: output, format: format, withGates: withGates).RunAsync(default));
        return await File.ReadAllTextAsync(Path.Combine(_folder.Path, output));
    }

    private ExportJob Job(
        string config, string site = "a", string? approach = null, string? from = null, string? to = null, string output = "out.csv", RowFormat format = RowFormat.Csv, bool withGates = false) =>
        new(config, site, approach, from, to, BinDuration.QuarterHour, withGates, new RowFile(format, Path.Combine(_folder.Path, output)), new StoppedClock(from is null ? Midnight.AddDays(1.5) : Midnight.AddDays(60)));

    /// <summary>The settings of a server that keeps its tables open.</summary>
    private async Task<(string Config, FlowTables Tables)> ServerAsync(string kind, string name)
    {
        var journal = "";
        if (kind == "postgresql")
        {
            await fixture.Server.SqlAsync($"CREATE DATABASE {name} OWNER {PostgresServer.User}");
            journal = $$"""journal { type = postgresql, connection = "{{fixture.Server.Connection(name)}}", password-file = "{{fixture.Server.PasswordFile}}" }""";
        }

        var tables = new FlowTables(kind == "sqlite"
            ? new SqliteJournal(Path.Combine(_folder.Path, name, "journal.db"))
            : new PostgresJournal(fixture.Server.Connection(name), fixture.Server.PasswordFile));
        Directory.CreateDirectory(Path.Combine(_folder.Path, name));
        await tables.MigrateAsync(default);
        return (Config(kind, name, journal), tables);
    }

    private string Config(string kind, string data, string journal)
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return _folder.Write($"{kind}.conf", $$"""
            trafficflow.node {
              roles = [server]
              sites = ["site.conf"]
              data-directory = "{{data}}"
              {{journal}}
              remoting { hostname = "127.0.0.1", port = 0, seed-nodes = [] }
            }

            """);
    }

    private sealed class StoppedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
