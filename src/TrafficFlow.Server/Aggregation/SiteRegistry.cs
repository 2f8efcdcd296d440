using Akka.Actor;
using TrafficFlow.Core.Sites;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Routing;

namespace TrafficFlow.Server.Aggregation;

/// <summary>On the event stream of the cluster system: the site files were read again, and these are the approaches now.</summary>
internal sealed record SitesChanged(IReadOnlyDictionary<string, ApproachSetup> Setups);

/// <summary>
/// The sites that a node serves now. Site files can be read again while the node runs; actors that start later find the newest here, those
/// that live are told.
/// </summary>
public sealed class SiteRegistry
{
    private volatile IReadOnlyDictionary<string, ApproachSetup> _setups;

    public SiteRegistry(params IReadOnlyList<Site> sites)
    {
        Sites = sites;
        _setups = SetupsOf(sites);
    }

    public IReadOnlyList<Site> Sites { get; private set; }

    /// <summary>Every approach that a camera feeds, by the name of its entity.</summary>
    internal IReadOnlyDictionary<string, ApproachSetup> Setups => _setups;

    /// <param name="cluster">The system whose aggregators are to be told; null while it is down: the next one reads this registry.</param>
    public void Replace(IReadOnlyList<Site> sites, ActorSystem? cluster)
    {
        Sites = sites;
        _setups = SetupsOf(sites);
        cluster?.EventStream.Publish(new SitesChanged(_setups));
    }

    private static IReadOnlyDictionary<string, ApproachSetup> SetupsOf(IReadOnlyList<Site> sites) =>
        sites.SelectMany(ApproachSetup.Of).ToDictionary(s => ApproachRouting.EntityOf(s.Site, s.Approach));
}
