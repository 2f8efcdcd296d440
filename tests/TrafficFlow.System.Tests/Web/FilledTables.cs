using System.Collections.Immutable;
using Akka.Actor;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Tables;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.SystemTests.Web.Formats;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.SystemTests.Web;

/// <summary>
/// Read tables of the sample site: of one day of its north arm the quarters from 6 to 10 o'clock and the first five minutes, and some journeys. In each quarter 40 cars,
/// 5 buses, one heavy and one light goods vehicle enter: of an hour, 4 heavy ones and 4 light ones are few.
/// </summary>
internal sealed class FilledTables : IDisposable
{
    public const string Day = "2026-04-01";

    /// <summary>Long after all of it has settled.</summary>
    public static readonly DateTimeOffset Now = new(2026, 5, 3, 12, 0, 0, TimeSpan.Zero);

    private static readonly DateTimeOffset Six = new(2026, 4, 1, 6, 0, 0, TimeSpan.FromHours(9));
    private static readonly Provenance Made = new("0123456789abcdef", "trafficflow", "7", "c0ffee");

    private readonly SettingsFolder _folder = new();

    public Site Site => FlowSamples.Site;

    public List<AuditEvent> Recorded { get; } = [];

    private SqliteJournal Journal => new(Path.Combine(_folder.Path, "journal.db"));

    public async Task<WebPorts> FillAsync()
    {
        var journal = Journal;
        var tables = new FlowTables(journal);
        await tables.MigrateAsync(default);
        long cursor = 0;
        var quarters = Enumerable.Range(0, 16).Select(i => Closed(++cursor, Six.AddMinutes(15 * i), BinDuration.QuarterHour));
        var minutes = Enumerable.Range(0, 5).Select(i => Closed(++cursor, Six.AddMinutes(i), BinDuration.OneMinute)).Append(Closed(++cursor, Six, BinDuration.FiveMinutes));
        await tables.WriteAsync([.. quarters, .. minutes], default);
        var junction = new CameraId("junction-a");
        var journeys = Enumerable.Range(1, 25).Select(n => new JourneyEntry(n, junction, new Journey(n, FlowSamples.North, new ApproachId("south"), Six.AddMinutes(n).AddSeconds(-9), Six.AddMinutes(n), VehicleClass.Bus, 0.75)
        {
            Colour = VehicleColour.Red,
            ColourConfidence = 0.5,
            FirstSeenAt = Six.AddMinutes(n).AddSeconds(-10).ToUniversalTime(),
            LastSeenAt = Six.AddMinutes(n).ToUniversalTime(),
            Cameras = 2,
            LateralMetres = -1.5,
            QueuedAt = Six.AddMinutes(n).AddSeconds(-10),
            QueuedMetres = 12,
        }));
        await tables.WriteAsync([], [new WriteJourneys(new DeliveryBatch(Site.Id, junction, ApproachId.Journeys, 1, 25, Made, [.. journeys]), ActorRefs.Nobody, null)], default);
        return WebHost.Ports([Site]) with
        {
            Flows = () => ReadTables.Flows(journal),
            Journeys = () => ReadTables.Journeys(journal),
            Time = new Stopped(),
            Record = e =>
            {
                lock (Recorded) Recorded.Add(e);
                return Task.FromResult(true);
            },
        };
    }

    /// <summary>Late data: the first quarter has counted so many buses more.</summary>
    public Task ReviseAsync(int buses)
    {
        var first = Closed(1_000, Six, BinDuration.QuarterHour);
        var rows = first.Bin.Rows.Select(r => r.Class == VehicleClass.Bus ? r with { Sums = r.Sums with { Count = r.Sums.Count + buses } } : r);
        return new FlowTables(Journal).WriteAsync([first with { Bin = first.Bin with { Revision = 2, Rows = [.. rows] } }], default);
    }

    /// <summary>Removes what is before a time, as a site's file may say.</summary>
    public async Task RemoveAsync(TrafficFlow.Core.Custody.KeptKind kind, DateTimeOffset before)
    {
        var retention = new TableRetention { Custody = new Limit(new SiteLimit(Site.Id, kind, before, "by the test")), MinuteBins = TimeSpan.FromDays(9999), FiveMinuteBins = TimeSpan.FromDays(9999), Journeys = TimeSpan.FromDays(9999) };
        while (await new FlowTables(Journal).RetireAsync(retention, Now, default))
        {
        }
    }

    private sealed class Limit(SiteLimit limit) : ISiteRetention
    {
        public IReadOnlyList<SiteLimit> Due(DateTimeOffset now) => [limit];

        public Task<bool> RecordAsync(SiteLimit limit, long rows, CancellationToken cancellation) => Task.FromResult(true);
    }

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    private ClosedBin Closed(long cursor, DateTimeOffset start, BinDuration duration)
    {
        ImmutableArray<FlowRow> rows =
        [
            .. from movement in new[] { Movement.Entering, Movement.To(new ApproachId("south")) }
               from counted in new[] { (VehicleClass.PassengerCar, 40), (VehicleClass.Bus, 5), (VehicleClass.HeavyGoods, 1), (VehicleClass.LightGoods, 1) }
               select new FlowRow(movement, counted.Item1, new FlowSums(counted.Item2, counted.Item2, 0, counted.Item2, counted.Item2 * 36.0, counted.Item2 / 36.0)),
        ];
        return new ClosedBin(
            cursor, new FlowBin(new BinKey(Site.Id, FlowSamples.North, duration, start), start + duration.Length, duration.Length, BinQuality.Complete, 1, rows, [new BinSource(new CameraId("cam1"), Made)]), start + duration.Length + TimeSpan.FromSeconds(2));
    }

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
