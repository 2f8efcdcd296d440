using Akka.Actor;
using Akka.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server;
using TrafficFlow.Server.Membership;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Aggregation;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.SystemTests.Run;

/// <summary>The aggregators of a stopped node, recovered from its journal in this process.</summary>
internal sealed class StoredCounts : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly IHost _host;
    private readonly Site _site;

    private StoredCounts(IHost host, Site site) => (_host, _site) = (host, site);

    public static async Task<StoredCounts> OpenAsync(NodeFolder folder)
    {
        var site = SiteSettings.Load(folder.SiteFile).Site;
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("trafficflow", akka => akka
            .AddHocon("akka { loglevel = OFF, stdout-loglevel = OFF }", HoconAddMode.Prepend)
            .WithTrafficFlowSerialization()
            .WithTrafficFlowCluster(ClusterMembership.Alone(TrafficFlowRoles.Server))
            .WithTrafficFlowJournal(new SqliteJournal(folder.Journal) { MinFreeBytes = 0 })
            .WithFlowTables(new SqliteJournal(folder.Journal))
            .WithApproachAggregators(site));
        var host = builder.Build();
        await host.StartAsync();
        return new StoredCounts(host, site);
    }

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public async Task<ApproachStatus> StatusAsync(ApproachId approach)
    {
        var region = await _host.Services.GetRequiredService<ActorRegistry>().GetAsync<ApproachRegion>().WaitAsync(Patience);
        return await region.Ask<ApproachStatus>(new GetApproachStatus(_site.Id, approach), Patience);
    }

    /// <summary>The bins of one duration that lie in an interval of event time.</summary>
    public async Task<IReadOnlyList<FlowBin>> BinsAsync(ApproachId approach, BinDuration duration, Interval span)
    {
        var region = await _host.Services.GetRequiredService<ActorRegistry>().GetAsync<ApproachRegion>().WaitAsync(Patience);
        return (await region.Ask<FlowBins>(new GetFlowBins(_site.Id, approach, duration, span.From, span.To), Patience)).Bins;
    }

    /// <summary>Every total of the site, as "APPROACH STREAM: COUNT".</summary>
    public async Task<IReadOnlyList<string>> TotalsAsync()
    {
        var totals = new List<string>();
        foreach (var approach in _site.Approaches.Select(a => a.Id).Append(ApproachId.Gates))
            totals.AddRange((await StatusAsync(approach)).Totals.Select(t => $"{approach} {t.Stream.Movement} {t.Stream.Class}: {t.Count}").Order(StringComparer.Ordinal));
        return totals;
    }

    public object Read(JournalRow row) => System.Serialization.Deserialize(row.Message, 7321, row.Manifest);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
