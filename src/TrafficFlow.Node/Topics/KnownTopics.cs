using Akka.Actor;
using Akka.Cluster;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Aggregation.State;
using TrafficFlow.Wire.Membership;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Topics;

/// <summary>Which topics there are, as far as a node's site files tell.</summary>
internal static class KnownTopics
{
    /// <summary>Of each site: the bins of its approaches, closed and open, its journeys and incidents where it has a junction, and its cameras.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<Site> sites) => [.. sites.SelectMany(Of).Order(StringComparer.Ordinal)];

    /// <summary>
    /// A site that is known and has no such camera: nothing will ever come, and nobody else would say so. For approaches and journeys the servers themselves do.
    /// </summary>
    public static CommandFailed? WhyNever(string topic, IReadOnlyList<Site> sites)
    {
        if (topic.Split('.') is not ["health", var name, var camera] || sites.FirstOrDefault(s => s.Id.Value == name) is not { } site) return null;
        var known = site.Feeders.Select(c => c.Id.Value).ToList();
        return known.Contains(camera) ? null
            : JunctionSetup.IdOf(site.Id).Value == camera ? new CommandFailed($"{topic}: site {name} has no junction", $"several calibrated cameras with gates make one; {Suggestion.For(camera, known, "it has")}")
            : new CommandFailed($"{topic}: site {name} has no camera {camera}", Suggestion.For(camera, known, "it has"));
    }

    /// <summary>Counts and journeys come from servers: where none is up, nothing comes until one is.</summary>
    public static CommandFailed? WhyNotNow(IEnumerable<string> topics, ActorSystem system)
    {
        if (topics.All(t => t.StartsWith("health.", StringComparison.Ordinal))) return null;
        return Cluster.Get(system).State.Members.Any(m => m.HasRole(TrafficFlowRoles.Server) && m.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Leaving)
            ? null
            : new CommandFailed("no server is up in this node's cluster, and counts and journeys come from servers alone", "is a server running, and the way to it open? See trafficflow ctl cluster show");
    }

    private static IEnumerable<string> Of(Site site) =>
    [
        .. ApproachSetup.Of(site).SelectMany(a => new[] { TopicNames.Flow(site.Id, a.Approach), TopicNames.Live(site.Id, a.Approach) }),
        .. site.Junction is null ? Array.Empty<string>() : [TopicNames.Journeys(site.Id), TopicNames.Incidents(site.Id)],
        .. site.Feeders.Select(c => TopicNames.Health(site.Id, c.Id)),
    ];
}
