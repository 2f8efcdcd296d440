using System.Collections.Immutable;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>One junction of a line.</summary>
/// <param name="Plan">Today's, with its offset.</param>
/// <param name="Demand">Of each signal group for vehicles, from the line and from side streets.</param>
public sealed record CorridorJunction(string Name, TimingPlan Plan, ImmutableArray<GroupDemand> Demand)
{
    public TimingRules Rules { get; init; } = TimingRules.Default;
}

/// <summary>What enters a link from one signal group of the junction at its begin: straight on, or turning in from a side street.</summary>
public sealed record LinkFeed(string Group, double VehiclesPerHour);

/// <summary>The way from one junction of a line to its neighbour, in one direction.</summary>
/// <param name="From">Place of the junction in the line.</param>
/// <param name="TravelSeconds">Mean, from stop line to stop line, without queues.</param>
/// <param name="Feeds">What the demand at its end has beyond them comes from places between, evenly.</param>
/// <param name="Groups">Signal groups at its end on which its vehicles wait.</param>
public sealed record CorridorLink(int From, int To, double LengthMetres, double TravelSeconds, ImmutableArray<LinkFeed> Feeds, ImmutableArray<string> Groups)
{
    public PlatoonDispersion Dispersion { get; init; } = PlatoonDispersion.Transyt;

    /// <summary>Standard error of the travel time as a share of it: by days, weather and how few were timed.</summary>
    public double RelativeTravelError { get; init; }

    /// <summary>As the junctions are counted.</summary>
    public bool IsOutbound => To > From;

    public double SpeedKmh => LengthMetres / TravelSeconds * 3.6;
}

/// <summary>A line of junctions (路線) that run on one cycle, or some of them on half of it.</summary>
/// <param name="Junctions">In their order on the road.</param>
/// <param name="Links">Between neighbours; at most one for each direction.</param>
public sealed record Corridor(ImmutableArray<CorridorJunction> Junctions, ImmutableArray<CorridorLink> Links)
{
    /// <summary>Beyond, the plans are not coordinated whatever their offsets are.</summary>
    private const double CycleTolerance = 0.05;

    /// <summary>The longest cycle of its junctions, which all follow.</summary>
    public double CycleSeconds => Junctions.Max(j => j.Plan.CycleSeconds);

    /// <summary>What makes no sense in it, each with what to do.</summary>
    public IEnumerable<string> Errors()
    {
        if (Junctions.IsDefault || Junctions.Length < 2) yield return "a line has two junctions at least";
        if (Junctions.IsDefault || Junctions.Length < 2 || Links.IsDefault) yield break;
        foreach (var error in Junctions.SelectMany(j => j.Plan.Errors().Select(e => $"{j.Name}: {e}"))) yield return error;
        foreach (var twice in Junctions.GroupBy(j => j.Name, StringComparer.Ordinal).Where(g => g.Count() > 1)) yield return $"two junctions are called {twice.Key}";
        foreach (var junction in Junctions)
        {
            var times = CycleSeconds / junction.Plan.CycleSeconds;
            if (Math.Abs(times - 1) > CycleTolerance / CycleSeconds && Math.Abs(times - 2) > CycleTolerance / CycleSeconds)
                yield return $"{junction.Name}: its cycle of {junction.Plan.CycleSeconds:0.##} s is neither the line's {CycleSeconds:0.##} s nor half of it, so that no offset lasts: give it one of the two";
            foreach (var error in DemandErrors(junction)) yield return $"{junction.Name}: {error}";
        }

        foreach (var twice in Links.GroupBy(l => (l.From, l.To)).Where(g => g.Count() > 1)) yield return $"there are two links from junction {twice.Key.From} to {twice.Key.To}";
        foreach (var error in Links.SelectMany(LinkErrors)) yield return error;
    }

    /// <exception cref="ArgumentException">Names everything that makes no sense.</exception>
    public Corridor Validated()
    {
        var errors = string.Join("; ", Errors());
        return errors.Length == 0 ? this : throw new ArgumentException(errors);
    }

    /// <returns>The link whose vehicles wait on the group; null where they come from elsewhere.</returns>
    public CorridorLink? LinkInto(int junction, string group) => Links.FirstOrDefault(l => l.To == junction && l.Groups.Contains(group));

    internal static IEnumerable<string> DemandErrors(CorridorJunction junction)
    {
        foreach (var demand in junction.Demand)
        {
            if (junction.Plan.Groups.All(g => g.Name != demand.Group)) yield return $"its plan has no signal group {demand.Group}";
            if (demand.Lanes.Any(l => !(l.SaturationFlow > 0 && double.IsFinite(l.SaturationFlow) && l.VehiclesPerHour >= 0 && double.IsFinite(l.VehiclesPerHour))))
                yield return $"a lane group of {demand.Group}: demand is 0 or more, and its saturation flow above 0";
            if (!(demand.RelativeError is >= 0 and <= 1)) yield return $"the error of the demand of {demand.Group} is a share of it, 0..1";
        }

        foreach (var twice in junction.Demand.GroupBy(d => d.Group).Where(g => g.Count() > 1)) yield return $"the demand of {twice.Key} is given twice";
    }

    private IEnumerable<string> LinkErrors(CorridorLink link)
    {
        var name = $"link {link.From} -> {link.To}";
        if (link.From < 0 || link.To < 0 || link.From >= Junctions.Length || link.To >= Junctions.Length || Math.Abs(link.From - link.To) != 1)
        {
            yield return $"{name}: a link leads from a junction of the line to its neighbour";
            yield break;
        }

        if (!(link.TravelSeconds is > 0 and <= 3600)) yield return $"{name}: the travel time is above 0 s and at most an hour";
        if (!(link.RelativeTravelError is >= 0 and <= 1)) yield return $"{name}: the error of the travel time is a share of it, 0..1";
        if (!(link.LengthMetres is > 0 and <= 50_000)) yield return $"{name}: the length is above 0 m and at most 50 km";
        if (link.Dispersion is not { Alpha: >= 0 and <= 5, Beta: > 0 and <= 1 }) yield return $"{name}: alpha of the dispersion is 0..5, and beta above 0 and at most 1";
        if (link.Groups.IsDefaultOrEmpty) yield return $"{name}: name the signal groups that its vehicles wait on";
        if (link.Feeds.IsDefault || link.Groups.IsDefault) yield break;
        foreach (var group in link.Groups)
        {
            if (Junctions[link.To].Demand.All(d => d.Group != group)) yield return $"{name}: {Junctions[link.To].Name} has no demand of group {group}";
            if (Links.Any(l => l != link && l.To == link.To && l.Groups.Contains(group))) yield return $"{name}: group {group} of {Junctions[link.To].Name} is another link's, too: a group stands at one approach";
        }

        foreach (var feed in link.Feeds)
        {
            if (Junctions[link.From].Demand.All(d => d.Group != feed.Group)) yield return $"{name}: {Junctions[link.From].Name} has no demand of group {feed.Group}";
            if (!(feed.VehiclesPerHour >= 0 && double.IsFinite(feed.VehiclesPerHour))) yield return $"{name}: what group {feed.Group} brings is 0 vehicles an hour or more";
            if (LinkInto(link.From, feed.Group) is { } into && into.IsOutbound != link.IsOutbound) yield return $"{name}: group {feed.Group} comes against it; vehicles that turn round are no platoon: leave them out";
        }
    }
}
