using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Live;

/// <summary>What the gates of a site can tell of an approach.</summary>
public static class SiteMovements
{
    /// <summary>All that enter, the ways to the exits in the order of the site's arms, all that leave.</summary>
    public static IReadOnlyList<Movement> Of(Site site, ApproachId approach)
    {
        var junction = site.Junction;
        var told = site.Feeders.Where(f => junction is null || f.Id == junction.Id).SelectMany(f => new MovementMapper(f, site).Streams)
            .Where(s => s.Approach == approach).Select(s => s.Movement).ToHashSet();
        return [.. new[] { Movement.Entering }.Concat(site.Approaches.Select(a => Movement.To(a.Id))).Append(Movement.Exiting).Where(told.Contains)];
    }
}
