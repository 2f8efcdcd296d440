using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using Microsoft.Data.Sqlite;
using Npgsql;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.MoveDatabase;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Lab;
using TrafficFlow.SystemTests.Postgres;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.SystemTests.MoveDatabase;

/// <summary>
/// The settings and data of a server that counts in this process: bins of every length with snapshots, journeys, some of them held, and an audit. What it is
/// given at a step is always the same.
/// </summary>
internal sealed class CountedServer : IDisposable
{
    private const int Seconds = 20;
    private static readonly CameraId Junction = new("junction-kokandori");
    private static readonly Provenance Made = new("0123456789abcdef", "vehicles", "2", "abc");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly AggregationSettings Often = new() { SnapshotEvery = 50, TrimMargin = 20 };

    private readonly SettingsFolder _folder = new();

    public CountedServer()
    {
        Directory.CreateDirectory(Data);
        Config = _folder.Write("node.conf", "trafficflow.node { roles = [server], data-directory = \"data\" }\n");
    }

    public string Config { get; }

    public string Path => _folder.Path;

    public string Data => System.IO.Path.Combine(_folder.Path, "data");

    public SqliteJournal Journal => new(System.IO.Path.Combine(Data, "journal.db"));

    public string Write(string name, string text) => _folder.Write(name, text);

    /// <summary>Another server with the same data.</summary>
    public CountedServer Copy()
    {
        var copy = new CountedServer();
        foreach (var file in Directory.GetFiles(Data)) File.Copy(file, System.IO.Path.Combine(copy.Data, System.IO.Path.GetFileName(file)));
        return copy;
    }

    public MoveOptions To(PostgresJournal target, string? newConfig = null) => MoveOptions.Read(Config, target.Connection, target.PasswordFile, newConfig);

    public static async Task<string> MoveAsync(MoveOptions options)
    {
        var output = new StringWriter(CultureInfo.InvariantCulture);
        await new MoveJob(options, output, TextWriter.Null, TimeProvider.System).RunAsync(Xunit.TestContext.Current.CancellationToken);
        return output.ToString();
    }

    /// <summary>Counts these steps, one car and one journey each, a command each tenth, and stops.</summary>
    /// <returns>All that there is to be known of it afterwards.</returns>
    public static async Task<string> CountAsync(JournalSettings journal, int from, int through)
    {
        string told;
        await using (var node = await ServerNode.StartAsync(journal, akka => akka.WithAudit("audit-server"), Often))
        {
            for (var i = from; i <= through; i++)
            {
                await node.DeliverAsync(ServerNode.Batch(i, Seconds));
                if (i % 10 == 0) await CommandAsync(node, i);
            }

            var tables = new FlowTables(journal);
            await tables.MigrateAsync(default);
            for (var i = from; i <= through; i++) await tables.WriteAsync([], [Journeys(i)], default);
            using var patience = new CancellationTokenSource(Patience);
            while ((await node.StatusAsync()).Unwritten > 0) await Task.Delay(20, patience.Token);
            told = await TellAsync(node, journal);
        }

        // The pools' connections are of no use any more, and look like a node that runs.
        SqliteConnection.ClearAllPools();
        if (journal is PostgresJournal postgres) await ReleaseAsync(postgres);
        return told;
    }

    private static async Task ReleaseAsync(PostgresJournal journal)
    {
        journal.Source.Clear();
        await using var connection = new NpgsqlConnection($"{journal.Connection};Password={PostgresServer.Password};Application Name=tests;Pooling=false");
        await connection.OpenAsync();
        await using var query = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'trafficflow'", connection);
        using var patience = new CancellationTokenSource(Patience);
        while (await query.ExecuteScalarAsync(patience.Token) is > 0L) await Task.Delay(20, patience.Token);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private static async Task CommandAsync(ServerNode node, int step)
    {
        var audit = ActorRegistry.For(node.System).Get<AuditActor>();
        if ((await audit.Ask<AuditEntries>(new GetAudit(1000), Patience)).Entries.Any(e => e.Started.Command == $"step {step}")) return;
        var recorded = await audit.Ask<AuditRecorded>(new RecordCommand(new Principal("anna", "unix:anna"), $"step {step}", "kokandori"), Patience);
        audit.Tell(new RecordOutcome(recorded.Number, "done"));
    }

    /// <summary>The vehicle of a step; every seventh has a wrong clock.</summary>
    private static WriteJourneys Journeys(int step)
    {
        var seen = ServerNode.Morning.AddSeconds(step * Seconds).ToUniversalTime();
        var journey = new Journey(step, ServerNode.North, step % 3 == 0 ? null : new ApproachId("south"), seen.AddSeconds(-9.5), step % 3 == 0 ? null : seen.AddSeconds(-1), VehicleClass.Bus, 0.75)
        {
            Colour = VehicleColour.Red,
            ColourConfidence = 0.1 + (step / 1000.0),
            FirstSeenAt = seen.AddSeconds(-10),
            LastSeenAt = seen,
            EnterSpeedKmh = step % 2 == 0 ? 31.7 : null,
            DistanceMetres = step / 3.0,
            Stops = 1,
            Cameras = 2,
        };
        return new WriteJourneys(
            new DeliveryBatch(ServerNode.SiteId, Junction, ApproachId.Journeys, 1, step, Made, [new JourneyEntry(step, Junction, journey)]), ActorRefs.Nobody,
            step % 7 == 0 ? new WrongStamps(new HashSet<long> { step }, TimeSpan.FromHours(2), seen.AddHours(3), 1000) : null);
    }

    private static async Task<string> TellAsync(ServerNode node, JournalSettings journal)
    {
        var told = new StringWriter(CultureInfo.InvariantCulture);
        var (from, to) = (ServerNode.Morning.AddHours(-1), ServerNode.Morning.AddHours(12));
        var status = await node.StatusAsync();
        told.WriteLine($"cursor {status.Cursor}, {string.Join(", ", status.Totals.Select(t => $"{t}").Order(StringComparer.Ordinal))}");
        foreach (var duration in BinDuration.All)
        {
            var open = await node.Approaches.Ask<FlowBins>(new GetFlowBins(ServerNode.SiteId, ServerNode.North, duration, from, to), Patience);
            foreach (var bin in open.Bins) told.WriteLine($"bin {Text(bin)}");
            await foreach (var bin in ReadTables.Flows(journal).ReadAllAsync(new FlowFilter(ServerNode.SiteId, duration, new Interval(from, to)) { Revisions = RevisionFilter.All }))
                told.WriteLine($"stored {bin.Cursor} {Text(bin.Bin)}");
        }

        await foreach (var journey in ReadTables.Journeys(journal).ReadAllAsync(new JourneyFilter(ServerNode.SiteId, new Interval(from, to)))) told.WriteLine($"journey {journey}");
        foreach (var journey in (await new FlowTables(journal).ReadJourneysAfterAsync(ServerNode.SiteId, TopicPlace.After(0), 1000, default)).Journeys) told.WriteLine($"told {journey}");
        foreach (var run in (await new FlowTables(journal).ReadHeldJourneysAsync(ServerNode.SiteId, default)).Runs) told.WriteLine($"held {run}");
        foreach (var entry in (await ActorRegistry.For(node.System).Get<AuditActor>().Ask<AuditEntries>(new GetAudit(1000), Patience)).Entries)
            told.WriteLine($"audit {entry.Number} {entry.Started.Principal} {entry.Started.Command} {entry.Started.Target} {entry.Outcome}");
        return told.ToString();
    }

    private static string Text(FlowBin bin) =>
        $"{bin.Key.Start:O} {bin.End:O} {bin.Revision} {bin.Quality} {bin.ObservedSeconds} {string.Join(", ", bin.Rows)} {string.Join(", ", bin.Sources)} {bin.Queue}";
}
