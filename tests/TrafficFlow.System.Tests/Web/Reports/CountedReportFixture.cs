using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Web.Browser;
using TrafficFlow.Web.Pages.Periods;
using TrafficFlow.Web.Pages.Reports;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Reports;

/// <summary>A server's database with a counted Monday, and the one a week before: one approach blind from 11 to 13 o'clock on both.</summary>
public sealed class CountedReportFixture : IAsyncLifetime
{
    public static readonly Period Day = new(new DateOnly(2026, 5, 11), new DateOnly(2026, 5, 11));

    /// <summary>Between them and beside them nothing is stored.</summary>
    public static readonly Period Empty = new(new DateOnly(2026, 5, 9), new DateOnly(2026, 5, 9));

    /// <summary>The morning after.</summary>
    public static readonly DateTimeOffset Now = new(2026, 5, 12, 6, 0, 0, TimeSpan.FromHours(9));

    private readonly SettingsFolder _folder = new();

    internal static Site Site => SyntheticJunction.Site;

    internal string Folder => _folder.Path;

    internal SqliteJournal Journal => new(Path.Combine(_folder.Path, "journal.db"));

    /// <summary>Of a server with these tables.</summary>
    internal string Config { get; private set; } = "";

    internal ReportSources Sources => new(ReadTables.Flows(Journal), ReadTables.Journeys(Journal), null, null, "1.2.3");

    public async ValueTask InitializeAsync()
    {
        var tables = new FlowTables(Journal);
        await tables.MigrateAsync(CancellationToken.None);
        await CountedDays.WriteAsync(tables, Site, Day.Span(Site.TimeZone));
        await CountedDays.WriteAsync(tables, Site, Day.Before(7).Span(Site.TimeZone));
        await CountedDays.WriteJourneysAsync(tables, Site, Day.Span(Site.TimeZone).From.AddHours(8));
        Config = _folder.Write("server.conf", $$"""
            trafficflow.node {
              roles = [server]
              sites = ["{{Path.Combine(SharedFiles.Repository, "hocon", "sites", "demo.conf")}}"]
              data-directory = "."
            }
            """);
    }

    public ValueTask DisposeAsync()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A desk over these tables whose clock stands.</summary>
    internal ReportDesk Desk(string folder, IPdfPrinter printer, DateTimeOffset? now = null) => new(
        () => ReadTables.Flows(Journal), () => ReadTables.Journeys(Journal), () => null, null, new ReportShelf(folder), printer, TimeSpan.FromDays(400), "1.2.3", new Stopped(now ?? Now));

    internal sealed class Stopped(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now.ToUniversalTime();

        public override long GetTimestamp() => Now.UtcTicks;
    }
}

/// <summary>One after the other over one database, which takes seconds to fill.</summary>
[CollectionDefinition(Name)]
public sealed class CountedReports : ICollectionFixture<CountedReportFixture>
{
    public const string Name = "counted reports";
}
