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
    private sealed record Content(
        IReadOnlyList<Site> Sites, IReadOnlyDictionary<string, ApproachSetup> Setups, IReadOnlyDictionary<string, ApproachSetup> Former, IReadOnlySet<string> Served);

    private volatile Content _content;

    public SiteRegistry(params IReadOnlyList<Site> sites) => _content = ContentOf(sites, null);

    public IReadOnlyList<Site> Sites => _content.Sites;

    /// <summary>Every approach that a camera feeds, by the name of its entity.</summary>
    internal IReadOnlyDictionary<string, ApproachSetup> Setups => _content.Setups;

    /// <summary>As it is, or, for an approach that the site files had in this life and have no more, as it last was: what still comes for it is counted.</summary>
    internal ApproachSetup? Find(string entity) => _content.Setups.GetValueOrDefault(entity) ?? _content.Former.GetValueOrDefault(entity);

    /// <summary>Whether an entity may be made: of an approach, or of the journeys or incidents of a site.</summary>
    internal bool Serves(string entity) => _content.Served.Contains(entity);

    /// <param name="cluster">The system whose aggregators are to be told; null while it is down: the next one reads this registry.</param>
    public void Replace(IReadOnlyList<Site> sites, ActorSystem? cluster)
    {
        _content = ContentOf(sites, _content);
        cluster?.EventStream.Publish(new SitesChanged(_content.Setups));
    }

    private static Content ContentOf(IReadOnlyList<Site> sites, Content? before)
    {
        var setups = sites.SelectMany(ApproachSetup.Of).ToDictionary(s => ApproachRouting.EntityOf(s.Site, s.Approach), StringComparer.Ordinal);
        var former = new Dictionary<string, ApproachSetup>(before?.Former ?? new Dictionary<string, ApproachSetup>(), StringComparer.Ordinal);
        foreach (var (entity, setup) in before?.Setups ?? new Dictionary<string, ApproachSetup>()) former[entity] = setup;
        HashSet<string> served = [.. before?.Served ?? new HashSet<string>(), .. setups.Keys, .. sites.SelectMany(s => new[] { ApproachRouting.EntityOf(s.Id, ApproachId.Journeys), ApproachRouting.EntityOf(s.Id, ApproachId.Incidents) })];
        return new Content(sites, setups, former, served);
    }
}
