using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Routes;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Web.Streams;

/// <summary>A topic of a site.</summary>
/// <param name="IsKept">Its messages have places, and can be gone on from.</param>
/// <param name="Holds">What its messages are.</param>
internal sealed record SiteTopic(string Topic, bool IsKept, string Holds)
{
    /// <summary>Single vehicles, and hints of which some are wrong, are for fewer than bins are.</summary>
    public bool MayBeReadBy(IReadOnlySet<Role> roles) => (!HasJourneys && TopicNames.ParseIncidents(Topic) is null) || RouteTable.MaySeeJourneys(roles);

    internal bool HasJourneys => TopicNames.ParseJourneys(Topic) is not null;

    /// <summary>All of one site: closed and open bins of each approach, journeys and incidents where it has a junction, the health of its cameras.</summary>
    public static IReadOnlyList<SiteTopic> Of(Site site) =>
    [
        .. site.Approaches.Select(a => new SiteTopic(TopicNames.Flow(site.Id, a.Id), true, "bins as they close or are revised")),
        .. site.Approaches.Select(a => new SiteTopic(TopicNames.Live(site.Id, a.Id), false, "the bins that are open now")),
        .. site.Junction is null ? Array.Empty<SiteTopic>() : [new SiteTopic(TopicNames.Journeys(site.Id), true, "journeys of vehicles over the junction"), new SiteTopic(TopicNames.Incidents(site.Id), false, "incidents as they open, change and end")],
        .. site.Feeders.Select(c => new SiteTopic(TopicNames.Health(site.Id, c.Id), false, "the state of a camera")),
    ];
}
