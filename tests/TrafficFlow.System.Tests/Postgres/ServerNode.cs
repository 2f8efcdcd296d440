using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.SystemTests.Postgres;

/// <summary>A server in this process, on a real database, and batches as an outbox would send them.</summary>
internal sealed class ServerNode : IAsyncDisposable
{
    public static readonly SiteId SiteId = new("kokandori");
    public static readonly ApproachId North = new("north");
    public static readonly CameraId Camera = new("cam1");
    public static readonly DateTimeOffset Morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(2);

    private readonly IHost _host;

    private ServerNode(IHost host) => _host = host;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public IActorRef Approaches => ActorRegistry.For(System).Get<ApproachRegion>();

    private static Site Site => new(
        SiteId, "鋼管通り交差点", TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo"), [new Approach(North, "北")],
        [
            new CameraSetup(
                Camera, "rtsp://camera/1", new FrameFormat(64, 48, 10), "motion", [],
                [new Gate(new GateId("in"), new PicturePoint(0, 0.5), new PicturePoint(1, 0.5), new GateMeaning(GateRole.Enters, North), null)], []),
        ],
        "0123456789abcdef");

    public static async Task<ServerNode> StartAsync(
        JournalSettings journal, Action<AkkaConfigurationBuilder>? more = null, AggregationSettings? aggregation = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("trafficflow", akka =>
        {
            akka.AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF }", HoconAddMode.Prepend)
                .WithTrafficFlowSerialization()
                .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server))
                .WithTrafficFlowJournal(journal, waitInOutage: true)
                .WithFlowTables(journal)
                .WithApproachAggregators(Site, aggregation);
            more?.Invoke(akka);
        });
        var host = builder.Build();
        await host.StartAsync();
        return new ServerNode(host);
    }

    /// <summary>One car and the coverage up to its second.</summary>
    public static DeliveryBatch Batch(int number, int seconds = 1) => new(
        SiteId, Camera, North, 1, number * 2, new Provenance("0123456789abcdef", "motion", "1", "none"),
        [
            new VehicleEntry((number * 2) - 1, new CountedVehicle(Camera, North, Movement.Entering, Morning.AddSeconds((number - 1) * seconds), VehicleClass.PassengerCar, VehicleSize.Small, 50)),
            new CoverageEntry(number * 2, new Coverage(Camera, Morning.AddSeconds((number - 1) * seconds), Morning.AddSeconds(number * seconds), 10, 0, WatchState.Watching)),
        ]);

    /// <summary>Sends until it is accepted, as an outbox does.</summary>
    public async Task DeliverAsync(DeliveryBatch batch)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            try
            {
                await Approaches.Ask<Accepted>(batch, RetryAfter);
                return;
            }
            catch (AskTimeoutException)
            {
                // Sent again, it is counted once.
            }
        }
    }

    public Task<ApproachStatus> StatusAsync() => Approaches.Ask<ApproachStatus>(new GetApproachStatus(SiteId, North), Patience);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
