using System.Diagnostics;
using Akka.Actor;
using Akka.Event;
using Akka.Hosting;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.SystemTests.Security;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Access;
using TrafficFlow.Wire.Delivery;
using TrafficFlow.Wire.OutboxEntries;
using TrafficFlow.Wire.Peers;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.Benchmarks.Access;

/// <summary>A server and a cabinet in this process, joined by TLS, and nothing of either but the ends of a delivery.</summary>
internal sealed class DeliveryLink : IAsyncDisposable
{
    public const int Entries = 100;
    private const int InFlight = 32;
    private static readonly SiteId s_site = new("kokandori");
    private static readonly DateTimeOffset s_morning = new(2026, 4, 1, 8, 0, 0, TimeSpan.FromHours(9));

    private readonly IHost _server;
    private readonly IHost _cabinet;
    private readonly IActorRef _sender;

    private DeliveryLink(IHost server, IHost cabinet, IActorRef sender) => (_server, _cabinet, _sender) = (server, cabinet, sender);

    public static async Task<DeliveryLink> StartAsync(TestCertificates certificates, bool isFiltered, CancellationToken cancellation)
    {
        var id = isFiltered ? "filtered" : "open";
        var server = await HostAsync(certificates.Node($"server-{id}"), isFiltered, isServer: true, cancellation);
        var cabinet = await HostAsync(certificates.Node($"cabinet-{id}", "roadside", s_site.Value), isFiltered, isServer: false, cancellation);
        var serving = (ExtendedActorSystem)server.Services.GetRequiredService<ActorSystem>();
        // Where the deliveries of a real node go, and where the answers come.
        serving.SystemActorOf(Props.Create(() => new Sharding()), "sharding");
        var calling = (ExtendedActorSystem)cabinet.Services.GetRequiredService<ActorSystem>();
        var region = calling.Provider.ResolveActorRef($"{serving.Provider.DefaultAddress}/system/sharding/approaches");
        return new DeliveryLink(server, cabinet, calling.ActorOf(Props.Create(() => new Relay(region)), "relay"));
    }

    /// <returns>Answered deliveries per second.</returns>
    public async Task<double> MeasureAsync(TimeSpan length, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var answered = await _sender.Ask<int>(length, length + TimeSpan.FromSeconds(60), cancellation);
        return answered / clock.Elapsed.TotalSeconds;
    }

    public async ValueTask DisposeAsync()
    {
        await _cabinet.StopAsync();
        await _server.StopAsync();
        _cabinet.Dispose();
        _server.Dispose();
    }

    private static async Task<IHost> HostAsync(TlsFiles files, bool isFiltered, bool isServer, CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        builder.Services.AddAkka("trafficflow", akka => akka
            .AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF, actor.provider = remote }", HoconAddMode.Prepend)
            .AddHocon(ClusterAccess.Config, HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTls(files, system => isFiltered ? new PeerFilter(new AccessLog(Logging.GetLogger(system, typeof(DeliveryLink))), () => [], isServerHere: isServer) : new AdmitsAll())
            .AddHocon("akka.remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }", HoconAddMode.Prepend));
        var host = builder.Build();
        await host.StartAsync(cancellation);
        return host;
    }

    private sealed class AdmitsAll : IPeerFilter
    {
        public bool Admits(PeerLink link, ByteString message) => true;
    }

    private sealed class Sharding : ReceiveActor
    {
        public Sharding() => Context.ActorOf(Props.Create(() => new Region()), "approaches");
    }

    /// <summary>Answers each delivery as an aggregator does that has stored it.</summary>
    private sealed class Region : ReceiveActor
    {
        public Region() => Receive<DeliveryBatch>(b => Sender.Tell(new Accepted(b.Camera, b.Approach, b.Epoch, b.UpToSequence)));
    }

    private sealed class Relay : ReceiveActor
    {
        public Relay(IActorRef region)
        {
            var sender = Context.ActorOf(Props.Create(() => new Deliveries(region)), "deliveries");
            ReceiveAny(sender.Forward);
        }
    }

    /// <summary>Has so many deliveries under way for so long, and tells how many were answered.</summary>
    private sealed class Deliveries : ReceiveActor, IWithTimers
    {
        private sealed record End
        {
            public static readonly End Instance = new();
        }

        private readonly IActorRef _region;
        private IActorRef _asker = ActorRefs.Nobody;
        private long _sequence;
        private int _answered;
        private bool _isOn;

        public Deliveries(IActorRef region)
        {
            _region = region;
            Receive<TimeSpan>(length =>
            {
                (_asker, _answered, _isOn) = (Sender, 0, true);
                Timers.StartSingleTimer("end", End.Instance, length);
                for (var i = 0; i < InFlight; i++) Send();
            });
            Receive<Accepted>(_ => _isOn, _ =>
            {
                _answered++;
                Send();
            });
            Receive<Accepted>(_ => { });
            Receive<End>(_ =>
            {
                _isOn = false;
                _asker.Tell(_answered);
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        private void Send()
        {
            var (camera, north) = (new CameraId("cam1"), new ApproachId("north"));
            var first = _sequence + 1;
            _sequence += Entries;
            _region.Tell(new DeliveryBatch(
                s_site, camera, north, 1, _sequence, new Provenance("0123456789abcdef", "vehicles", "1", "none"),
                [
                    .. Enumerable.Range(0, Entries).Select(i => new VehicleEntry(
                        first + i, new CountedVehicle(camera, north, Movement.Entering, s_morning.AddSeconds(i), VehicleClass.PassengerCar, VehicleSize.Small, 50))),
                ]));
        }
    }
}
