using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Web.Pages.Speed;

/// <summary>Adds whole journeys up movement by movement, one after the other: of a day with however many. Not for several threads.</summary>
public sealed class WaySums
{
    private readonly Dictionary<(ApproachId From, ApproachId To), Sums> _ways = [];

    private readonly record struct Sums(int Vehicles, double Hours, double Metres, double DelaySeconds, long Stops, double StoppedSeconds)
    {
        public Sums With(Journey journey) => new(
            Vehicles + 1, Hours + (journey.LeftAt!.Value - journey.EnteredAt!.Value).TotalHours, Metres + journey.DistanceMetres, DelaySeconds + journey.DelaySeconds, Stops + journey.Stops,
            StoppedSeconds + journey.StoppedSeconds);
    }

    /// <summary>What is not whole is left out.</summary>
    public void Add(Journey journey)
    {
        if (!journey.IsWhole || journey.EnteredAt is null || !(journey.LeftAt > journey.EnteredAt)) return;
        var way = (journey.Approach!.Value, journey.Exit!.Value);
        _ways[way] = _ways.GetValueOrDefault(way).With(journey);
    }

    /// <returns>Sorted by approach and exit.</returns>
    public IReadOnlyList<WayFigures> ToFigures() =>
    [
        .. from way in _ways
           let sums = way.Value
           orderby way.Key.From.Value, way.Key.To.Value
           select new WayFigures(
               way.Key.From, way.Key.To, sums.Vehicles, sums.Metres > 0 ? sums.Metres / 1000 / sums.Hours : null, sums.DelaySeconds / sums.Vehicles, sums.Stops / (double)sums.Vehicles,
               sums.StoppedSeconds / sums.Vehicles),
    ];
}
